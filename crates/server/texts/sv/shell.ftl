# The frame of every page, dates, and words that many pages share.

date-day = { $day } { $month ->
    [1] januari
    [2] februari
    [3] mars
    [4] april
    [5] maj
    [6] juni
    [7] juli
    [8] augusti
    [9] september
    [10] oktober
    [11] november
   *[12] december
} { $year }
date-moment = { date-day } kl. { $hour }.{ $minute }

page-frame-skip = Hoppa till innehållet
page-frame-help = Hjälp
page-frame-other-language = English
page-frame-logout = Logga ut
page-frame-menu = Meny
page-frame-demo = Det här är en demo. Alla personer är påhittade och inget kort är på riktigt.
page-frame-status = Driftstatus
page-frame-pki = Utfärdare och spärrlistor
page-frame-footer = Sigill är öppen programvara för e-tjänstekort.
page-frame-refused = Det gick inte.
page-frame-code = Kod till supporten:
page-frame-problems = { $count ->
    [one] En uppgift behöver rättas
   *[other] { $count } uppgifter behöver rättas
}
page-frame-to-start = Till startsidan

portal-public = Start
portal-order = Beställ kort
portal-station = Kortstation
portal-mine = Mina sidor

page-search = Sök
page-back = Tillbaka
page-not-now = Avbryt
page-yes = Ja
page-no = Nej
page-what-now = Vad gör jag nu?
page-live-lost = Kontakten med tjänsten är bruten just nu. Sidan försöker igen. Du kan också läsa in den på nytt.
page-minutes = { $minutes ->
    [one] 1 minut
   *[other] { $minutes } minuter
}
page-milliseconds = { $milliseconds } ms
page-period = { $from } – { $to }
page-period-open = från { $from } tills vidare
page-since = sedan { $at }
page-cards-word = { $count ->
    [one] kort
   *[other] kort
}

page-card-number = Kortnummer
page-card-no-number = Inget kortnummer än
page-card-none = Inget kort
page-card-kind = Korttyp
page-card-photo = Kortets foto
page-product-code = Produktkod
page-loa = Tillitsnivå
page-loa-value = { $loa } av 4
page-valid-to = Giltigt till och med
page-valid-at-most = Giltigt som längst till
page-hsa-id = HSA-id
page-person-protected = Skyddade personuppgifter. Visa dem inte för obehöriga och säg inte adressen högt.
page-person-protected-short = Skyddad
page-engagement-none = Ingen pågående anställning eller uppdrag
page-services-none = Inga it-tjänster
page-events = Det här har hänt

page-credentials = Certifikat
page-credentials-none = Inga certifikat
page-credential-to = Giltigt till och med { $to }.
page-credential-serial = Serienummer

life-label = Kortets väg
life-ordered = Beställt
life-photo = Foto
life-production = Tillverkat
life-delivery = Skickat
life-activation = Aktiverat
life-revoked = Spärrat
life-expired = Utgånget
life-replaced = Ersatt
life-deregistered = Avregistrerat
life-cancelled = Makulerat

standing-done = klart
standing-now = pågår
standing-ahead = återstår
standing-trouble = stopp

health-good = Fungerar
health-ageing = Behöver ses över
health-bad = Fungerar inte

progress-label = Stegen
activation-step-identity = Identiteten är kontrollerad
activation-step-card = Kortet är läst
activation-step-key = Kortet har bytt till egna nycklar
activation-step-code = Innehavaren har valt sin kod
activation-step-keys = Nycklarna är skapade på kortet
activation-step-certificates = Certifikaten är skrivna och återlästa
activation-step-receipt = Kvittensen är underskriven
activation-step-finished = Kortet fungerar
sign-in-step-card = Kortet är läst
sign-in-step-code = Koden stämmer
sign-in-step-sign = Kortet har svarat
sign-in-step-finished = Du är inloggad
portal-functions = Funktioner
unlock-step-identity = Identiteten är kontrollerad
unlock-step-card = Kortet är läst
unlock-step-code = Innehavaren har valt en ny kod
