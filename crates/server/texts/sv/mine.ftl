# Mina sidor, and the receipt.

page-mine-cards-title = Mitt kort
page-mine-cards-heading = Hej { $name }
page-mine-cards-none = Du har inget kort här. Be din chef beställa ett.
page-mine-cards-this = Du är inloggad med det här kortet.
page-mine-days-left = { $days ->
    [one] En dag kvar
   *[other] { $days } dagar kvar
}
page-mine-no-days-left = Giltighetstiden är slut
page-mine-validity-last = är sista dagen
page-mine-certificates = På kortet finns
page-mine-lost = Spärra kortet
page-mine-back = Mitt kort
page-mine-logins-title = Inloggningar
page-mine-logins-lead = Så här har ditt kort använts för att logga in.
page-mine-logins-none = Inga inloggningar än.
page-mine-logins-when = När
page-mine-logins-where = Var
page-mine-logins-result = Resultat
page-mine-logins-good = Inloggad
page-mine-logins-here = Inloggad, just nu
page-mine-logins-bad = Nekad
page-mine-logins-strange = Känner du inte igen en inloggning? Spärra kortet och hör av dig till en kortstation.

page-mine-revoke-title = Spärra ditt kort
page-mine-revoke-lead = Gör det genast om kortet är borta, eller om någon annan kan känna till din kod.
page-mine-revoke-mail = Alla certifikat på kortet slutar gälla genast. Krypterad e-post som du inte har sparat kan inte läsas utan kortet.
page-mine-revoke-this = Du loggas ut på samma gång, eftersom det är kortet du är inloggad med.
page-mine-revoke-reason = Vad har hänt?
page-mine-revoke-confirm = Jag förstår att spärren inte går att ångra
page-mine-revoke-keep = Behåll kortet
page-mine-revoked-title = Kortet är spärrat
page-mine-revoked-at = Det slutade gälla { $at }. Ingen kan logga in med det längre.
page-mine-revoked-now-1 = Säg till din chef, som beställer ett nytt kort.
page-mine-revoked-now-2 = Behöver du ett kort i dag: fråga om ett reservkort på en kortstation.
page-mine-revoked-now-3 = Hittar du kortet igen: klipp det itu och lämna det till en kortstation.

page-receipt-title = Kvittens
page-receipt-lead = Innehavaren har tagit emot sitt e-tjänstekort och skrivit under här med kortets egen kod.
page-receipt-holder = Innehavare
page-receipt-card = Kort
page-receipt-document = Visad id-handling
page-receipt-officer = ID-administratör
page-receipt-signed = Underskrivet
page-receipt-got = Mottagna certifikat
page-receipt-promise = Innehavaren lovar att
page-receipt-promise-1 = aldrig låna ut kortet eller låta någon annan använda det
page-receipt-promise-2 = hålla sin kod hemlig
page-receipt-promise-3 = genast spärra kortet om det försvinner eller om koden kan vara känd
page-receipt-promise-4 = lämna tillbaka kortet, klippt itu, när uppdraget slutar
page-receipt-verified = Underskriften är äkta
page-receipt-verified-about = Prövad nu mot certifikatet på kortet.
page-receipt-unverified = Underskriften kunde inte bekräftas
page-receipt-unverified-about = Visa sidan för ansvarig utgivare.
page-receipt-id = Kvittensens nummer:
page-receipt-print = Skriv ut
page-receipt-print-open = Visa kvittensen för utskrift
page-receipt-file = Hämta den underskrivna filen
page-receipt-show = Visa kvittensen
