# The identity officer's pages.

page-station-queue-title = Kön
page-station-queue-heading = Kortstationen
page-station-queue-find = Sök kort
page-station-queue-hint = Namn, kortnummer eller HSA-id. Sökningen loggas.
page-station-queue-found = { $count ->
    [0] Ingen träff
    [one] Ett kort
   *[other] { $count } kort
}
page-station-queue-nothing = Inget kort hittades. Sök på en annan uppgift, eller be beställaren beställa ett kort.
page-station-lane-photo = Väntar på foto
page-station-lane-photo-check = Foto att granska
page-station-lane-production = Klara för tillverkning
page-station-lane-delivery = På väg
page-station-lane-activation = Att aktivera
page-station-lane-attention = Behöver dig
page-station-lane-about-photo = Fotografera när personen kommer.
page-station-lane-about-photo-check = Se på fotot och godkänn det, eller ta ett nytt.
page-station-lane-about-production = Skickas till korttillverkaren.
page-station-lane-about-delivery = Hos tillverkaren eller i posten.
page-station-lane-about-activation = Kontrollera id-handling, sedan väljer innehavaren kod.
page-station-lane-about-attention = Något stannade på vägen.
page-station-lane-empty = Inget väntar.
page-station-lane-more = { $count ->
    [one] och ett till
   *[other] och { $count } till
}
page-station-back-to-queue = Till kön
page-station-back-to-card = Till kortet
page-station-card-title = Kort för { $name }
page-station-card-about = Om kortet
page-station-act-photograph = Fotografera
page-station-act-produce = Skicka till tillverkning
page-station-act-check-identity = Kontrollera identitet
page-station-act-activate = Aktivera kortet
page-station-act-revoke = Spärra kortet
page-station-act-return = Ta emot och avregistrera
page-station-act-end-engagement = Avsluta uppdraget

page-station-photograph-title = Fotografera
page-station-photograph-take = Ta bilden
page-station-photograph-again = Ta en ny bild
page-station-photograph-start = Starta kameran
page-station-photograph-shoot = Ta bilden
page-station-photograph-retake = Ta om
page-station-photograph-view = Kamerabild
page-station-photograph-blocked = Kameran gick inte att starta. Ge webbläsaren lov att använda den, eller välj en bildfil nedan.
page-station-photograph-ready = Kameran är på. Placera ansiktet i ovalen.
page-station-photograph-taken = Bilden är tagen. Skicka in den, eller ta om.
page-station-photograph-file = Bildfil
page-station-photograph-invented = Ingen kamera här? Spara en påhittad persons porträtt och välj den filen.
page-station-photograph-file-hint = JPEG, PNG eller WebP, högst 12 MB. Bilden beskärs kring ansiktet av sig själv.
page-station-photograph-submit = Pröva bilden
page-station-photograph-guides = En bra bild
page-station-photograph-guide-1 = Ansiktet rakt framifrån, blicken i kameran.
page-station-photograph-guide-2 = Hela huvudet och en bit av axlarna syns.
page-station-photograph-guide-3 = Jämnt ljus, inga skuggor i ansiktet.
page-station-photograph-guide-4 = Ljus, enfärgad bakgrund.
page-station-photograph-guide-5 = Ögonen syns. Huvudduk och liknande går bra när ansiktet är fritt.
page-station-photograph-alt = Bild av { $name }
page-station-photograph-passed = Bilden duger
page-station-photograph-failed = Bilden duger inte än
page-station-photograph-look = Se efter att bilden föreställer den som sitter framför dig.
page-station-photograph-approve = Godkänn bilden
page-station-photograph-from-kiosk = Bilden togs i en fotokiosk. Ingen handläggare har sett den än.
page-station-photograph-look-kiosk = Se efter att bilden är ett riktigt porträtt och liknar personens tidigare foton, om du har tillgång till dem. Den som lämnar ut kortet jämför med personen.
page-station-photograph-overrule = Använd bilden ändå
page-station-photograph-overrule-about = Ser du själv att bilden duger, eller går det inte att ta en bättre, kan du gå emot kontrollen. Skälet sparas i loggen tillsammans med ditt namn.
page-station-photograph-reason = Varför bilden duger ändå
page-station-photograph-reason-hint = Skriv kort, utan namn och personnummer. Till exempel: Personen ser alltid så ut, jämförd på plats.
page-station-photograph-unclear = Skriv varför bilden duger ändå, med minst åtta bokstäver och utan personnummer.
page-station-photograph-overrule-do = Godkänn trots anmärkningen
page-station-photograph-cannot = Den här bilden går inte att använda. Ta en ny.
page-station-photographed = Bilden är godkänd. Kortet är klart för tillverkning.

page-station-production-title = Tillverkning
page-station-production-lead = Välj de kort som ska tillverkas. De skickas till korttillverkaren som en omgång.
page-station-production-ready = { $count ->
    [0] Inga kort är klara för tillverkning
    [one] Ett kort är klart för tillverkning
   *[other] { $count } kort är klara för tillverkning
}
page-station-production-none = När ett foto är godkänt dyker kortet upp här.
page-station-production-choose = Kort i omgången
page-station-production-address = Folkbokföringsadresserna hämtas nu, i samma stund som omgången skickas.
page-station-production-submit = Skicka till tillverkning
page-station-production-batches = Omgångar
page-station-production-no-batches = Ingen omgång är skickad än.
page-station-produced = Omgången är skickad till tillverkaren.
page-batch-name = Omgång { $at }
page-batch-by = Skickad av { $by }
page-batch-back = Tillverkning
page-batch-produced = { $done } av { $total } tillverkade
page-batch-sent = { $done } av { $total } skickade
page-batch-failed = { $count ->
    [one] ett misslyckades
   *[other] { $count } misslyckades
}
page-batch-cards = Kort i omgången
page-batch-open = Visa kortet
page-batch-report = Rapport från tillverkaren
page-batch-report-hint = Gäller de kort du har markerat.
page-batch-report-produced = Tillverkade
page-batch-report-sent = Skickade till folkbokföringsadressen
page-batch-report-failed = Misslyckades i tillverkningen
page-batch-report-undelivered = Kom tillbaka, kunde inte delas ut
page-batch-report-submit = Spara rapporten
page-batch-reported = Rapporten är sparad.

page-station-check-title = Kontrollera identitet
page-station-check-lead = Ta den tid det tar. Ha handlingen i handen, ur fodralet.
page-station-check-document = Vilken handling visas?
page-station-check-document-hint = Bara dessa fem godtas, och bara giltiga.
page-station-check-number = Handlingens nummer
page-station-check-number-hint = Siffror och bokstäver, som de står på handlingen.
page-station-check-expires = Giltig till och med
page-station-check-expires-hint = Som det står på handlingen, år-månad-dag.
page-station-check-steps = Kontrollen, steg för steg
page-station-check-steps-hint = Svara på varje fråga. Ett enda nej betyder att kortet inte lämnas ut i dag.
page-station-check-doubt = Är du osäker?
page-station-check-doubt-about = Lämna inte ut kortet. Misstänker du att handlingen är falsk: svara nej på sista frågan och kontakta ansvarig utgivare eller säkerhetsansvarig.
page-station-check-submit = Godkänn kontrollen
page-station-check-compare = Jämför med uppgifterna hos oss

page-station-activate-title = Aktivera kortet
page-station-activate-lead = Identiteten är kontrollerad. Sätt kortet i innehavarens läsare och lämna över.
page-station-activate-open = Öppna kortet
page-station-activate-open-again = Börja om med kortet
page-station-activate-open-client = Kortprogrammet öppnas på innehavarens sida.
page-station-activate-not-yet = Kortet är inte klart än. Stegen till höger visar hur långt det har kommit.
page-station-activate-tell = Säg till innehavaren
page-station-activate-tell-1 = Välj en kod på 6–8 siffror. Inte ditt födelsedatum, inte samma siffra om och om igen.
page-station-activate-tell-2 = Visa den inte för mig, och inte för någon annan.
page-station-activate-tell-3 = Låt kortet sitta kvar tills allt är klart. Sist skriver du under att du har fått det.
page-station-activate-progress = Så långt har kortet kommit
page-station-activate-continue = Visa hur långt det har kommit
page-station-activated-title = Kortet fungerar
page-station-activated-heading = { $name } har ett kort som fungerar
page-station-activated-signed = Kvittensen är underskriven med det nya kortet
page-station-activated-at = { $at }
page-station-activated-lead = Lämna tillbaka id-handlingen och be innehavaren ta kortet ur läsaren.
page-station-activated-certificates = På kortet finns nu
page-station-activated-next = Nästa i kön

page-revoke-final = En spärr går inte att ångra
page-revoke-final-about = Alla certifikat på kortet slutar gälla genast, överallt. Behövs ett kort får det beställas på nytt.
page-revoke-reason = Varför spärras kortet?
page-revoke-submit = Spärra kortet nu
page-station-revoke-title = Spärra kortet
page-station-revoke-confirm = Jag vet vem som begär spärren och att det är rätt kort
page-station-revoked = Kortet är spärrat.

page-station-return-title = Ta emot och avregistrera
page-station-return-lead = Kortets liv slutar här. Efter det finns det bara kvar i loggen.
page-station-return-still-works = Kortet fungerar ännu. Det spärras i samma stund.
page-station-return-how = Vad har hänt med kortet?
page-station-return-cut = Det är inlämnat och klippt itu
page-station-return-cut-about = Klipp genom chipet, med innehavaren som vittne.
page-station-return-missing = Det saknas
page-station-return-missing-about = Innehavaren har intygat skriftligt att kortet inte finns kvar.
page-station-return-confirm = Jag intygar att uppgiften stämmer
page-station-return-submit = Avregistrera kortet
page-station-returned = Kortet är avregistrerat.

page-station-end-title = Avsluta uppdraget
page-station-end-cards = { $count ->
    [one] Det här kortet slutar fungera den dagen
   *[other] De här { $count } korten slutar fungera den dagen
}
page-station-end-no-cards = Inget kort påverkas. Personen har ett annat uppdrag som kortet hör till, eller inget kort.
page-station-end-return = Be innehavaren lämna in kortet, klippt itu.
page-station-end-date = Sista dag
page-station-end-date-hint = År-månad-dag. Kortet fungerar hela den dagen.
page-station-end-confirm = Jag har fått besked från chefen om att uppdraget slutar
page-station-end-submit = Avsluta uppdraget
page-station-ended = Uppdraget är avslutat.
page-station-act-unlock = Lås upp med ny kod
page-station-unlock-title = Lås upp kortet
page-station-unlock-lead = Identiteten är kontrollerad. Sätt kortet i innehavarens läsare och lämna över: innehavaren väljer en ny kod.
page-station-unlock-open = Öppna kortet
page-station-unlock-open-again = Börja om med kortet
page-station-unlock-open-client = Kortprogrammet öppnas på innehavarens sida.
page-station-unlock-not-yet = Koden är inte bytt ännu. Stegen visar hur långt kortet har kommit.
page-station-unlock-tell = Säg till innehavaren
page-station-unlock-tell-1 = Välj en kod med 6–8 siffror. Inte ett datum, inte samma siffror om och om igen.
page-station-unlock-tell-2 = Visa den inte för mig, och inte för någon annan.
page-station-unlock-tell-3 = Låt kortet sitta i tills allt är klart. Det som finns på kortet är kvar.
page-station-unlock-progress = Så långt har kortet kommit
page-station-unlock-continue = Visa hur långt det har kommit
