// The QR code on a letter carries the code behind a "#", which browsers keep to themselves:
// it is put into the field here and taken out of the address, so that no history holds it.
const field = document.querySelector("[data-letter-code]");
const code = decodeURIComponent(window.location.hash.slice(1)).trim();
if (field && /^[0-9A-Za-z -]{20,40}$/.test(code)) {
  field.value = code;
  history.replaceState(null, "", window.location.pathname + window.location.search);
  field.form.querySelector("[type=submit]").focus();
}
