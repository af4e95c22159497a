# The desk of the demo: a computer with a card reader.

desk-name = Din dator
desk-about = Virtuell kortläsare, bara i demon
desk-to-portals = Till portalerna
desk-footer = Skrivbordet låtsas vara din egen dator. Koderna stannar här och på kortet; portalerna ser dem aldrig.
desk-reader = Kortläsaren
desk-reader-empty = Inget kort i läsaren.
desk-drawer-title = Lådan med kort
desk-drawer-lead = Korten hör till påhittade personer. Sätt ett i läsaren, så kan portalerna tala med det.
desk-drawer-empty = Lådan är tom. Här hamnar korten när de är tillverkade.
desk-insert = Sätt i läsaren
desk-eject = Ta ut kortet
desk-code-hint = Kod:
desk-code-own = Koden väljs vid aktiveringen.
desk-locked = Kortet är låst
desk-asked = Den som frågar
desk-for-whom = För
desk-session = Märke
desk-steps = Stegen
desk-insert-heading = Sätt i kortet
desk-insert-lead = Välj det kort som ska användas.
desk-ask-yes = Fortsätt
desk-ask-activate = Kortet får egna nycklar och certifikat. Du väljer kod, och till sist skriver du under att du har fått kortet.
desk-ask-sign-in = Kortet svarar på en fråga och bevisar att det är du. Sedan är du inloggad.
desk-choose-heading = Välj din kod
desk-choose-lead = { $min } till { $max } siffror. Du behöver den varje gång du använder kortet.
desk-choose-code = Ny kod
desk-choose-again = Samma kod en gång till
desk-choose-submit = Använd koden
desk-advice-length = { $min } till { $max } siffror
desk-advice-repeated = inte samma siffra rakt igenom, och inte 123456
desk-advice-same = likadan båda gångerna
desk-advice-birth-date = inte ditt födelsedatum, och inte ditt telefonnummer
desk-advice-secret = bara du ska känna till den
desk-enter-heading = Ange din kod
desk-enter-code = Kod
desk-enter-submit = Fortsätt
desk-enter-wrong = { $tries ->
    [one] Fel kod. Ett försök kvar, sedan låses kortet.
   *[other] Fel kod. { $tries } försök kvar.
}
desk-tries = { $tries ->
    [one] 1 försök kvar
   *[other] { $tries } försök kvar
}
desk-no-time = Ta den tid du behöver. Ingenting stängs medan du skriver.
desk-working-heading = Kortet arbetar
desk-working-lead = Låt kortet sitta kvar.
desk-working-reload = Visa hur långt det har kommit
desk-finished-activate = Kortet fungerar
desk-finished-about-activate = Kvittensen är underskriven. Ta med dig kortet.
desk-finished-sign-in = Kortet har svarat
desk-finished-about-sign-in = Gå tillbaka till portalen. Du är inloggad där.
desk-back = Tillbaka till portalen
desk-cancel = Avbryt

act-activate = Aktivera kortet
act-sign-in = Logga in
act-asks-activate = { $who } vill aktivera ditt kort
act-asks-sign-in = { $who } vill att du loggar in
code-for-sign-in = Kortet svarar för dig när du har angett din kod.
code-for-sign-receipt = Ange koden du just valde. Med den skriver du under att du har fått kortet.
code-problem-length = Koden ska ha 6 till 8 siffror.
code-problem-digits = Koden får bara innehålla siffror.
code-problem-differ = De två koderna var inte lika. Skriv samma kod två gånger.
code-problem-repeated = Välj inte samma siffra eller samma siffror om och om igen.
code-problem-sequence = Välj inte siffror i följd, som 123456.
code-problem-birth-date = Välj inte ett datum. Födelsedagar är det första någon gissar.

desk-activation-step-card = Kortet är läst
desk-activation-step-key = Kortet har fått egna nycklar till sitt innehåll
desk-activation-step-code = Du har valt din kod
desk-activation-step-keys = Nycklarna är skapade på kortet
desk-activation-step-certificates = Certifikaten är skrivna och återlästa
desk-activation-step-receipt = Du har skrivit under kvittensen
desk-activation-step-finished = Kortet fungerar

desk-document = Det du skriver under
act-card = Kortet i läsaren
act-asks-card = { $who } vill tala med ditt kort
desk-eject-other = Ta ut kortet och byt till ett annat
code-problem-old = Välj en annan kod än den du har.
act-unlock = Lås upp kortet
act-asks-unlock = { $who } vill låta dig välja en ny kod
desk-ask-unlock = Du väljer en ny kod till kortet. Allt annat på kortet är kvar.
desk-finished-unlock = Kortet är upplåst
desk-finished-about-unlock = Den nya koden gäller från nu. Ta med dig kortet.
desk-taken-up = Ett tidigare försök med kortet blev inte klart. Det här tar vid där det slutade.
