"""The public pages that read several rooms."""
