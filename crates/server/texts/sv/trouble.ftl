# When something did not go as hoped.

page-refused-title = Det gick inte
page-refused-help = Behöver du hjälp? Ta med koden till en kortstation eller till supporten.
page-incident-title = Något gick fel hos oss
page-incident-lead = Det är inte ditt fel. Felet är loggat, och den som rättar det hittar det på numret.
page-incident-number = Ärendenummer
page-incident-now-1 = Vänta en stund och försök igen. Det du hade hunnit med är kvar.
page-incident-now-2 = Hjälper det inte: kontakta supporten och lämna numret.
page-not-found-title = Sidan finns inte
page-not-found-lead = Länken är gammal eller felskriven, eller så hör sidan till något som är avslutat.
page-old-browser-title = Din webbläsare är för gammal
page-old-browser-lead = Den kan inte visa tjänsten på ett säkert sätt. Använd en aktuell version av någon av dessa:
page-old-browser-lost = Har du tappat ditt kort? Ring eller gå till en kortstation, så spärrar de det åt dig.
