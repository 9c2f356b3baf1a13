"""Reports of mail servers about mail that could not be delivered (RFC 3464)."""

from __future__ import annotations


def report(
    name: str,
    address: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    as_headers: bool = True,
) -> bytes:
    """Return the report about a mail whose Message-ID begins with a name."""
    returned = "text/rfc822-headers" if as_headers else "message/rfc822"
    body = "" if as_headers else "\n\nGuten Tag"
    return f"""From: MAILER-DAEMON@mx.example.org
To: beteiligung@lindenow.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} User unknown

--b
Content-Type: {returned}

Message-ID: <{name}@lindenow.example>
Subject: Fassung 2{body}

--b--
""".encode()
