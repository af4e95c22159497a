# Every expected no: what happened, why, and what to do now. Keys are `refusal-` and the code with dots as hyphens.

# Who may do what.
refusal-policy-not-signed-in = Du är inte inloggad. Logga in med ditt kort och försök igen.
refusal-policy-not-for-actor = Det här görs inte härifrån: det sköts av systemet självt, av korttillverkaren eller av den som driver tjänsten. Kontakta supporten om du väntar på att det ska ske.
refusal-policy-role-missing = Du har inte den roll som krävs. Behöver du den i ditt arbete, be ansvarig utgivare ge dig den.
refusal-policy-role-missing-in-order = Här beställs kort, och det kräver rollen beställare, som du inte har. Behöver du den i ditt arbete, be ansvarig utgivare ge dig den. Vill du ha ett eget kort, be din chef beställa det.
refusal-policy-role-missing-in-station = Kortstationen kräver rollen ID-administratör, som du inte har. Behöver du den i ditt arbete, be ansvarig utgivare ge dig den. Ditt eget kort sköter du på Mina sidor.
refusal-policy-role-missing-in-functions = Här beslutas om funktioner, och det kräver rollen ansvarig utgivare eller säkerhetsansvarig, som du inte har. Behöver du den i ditt arbete, be ansvarig utgivare ge dig den.
refusal-policy-level-too-low = Du är inloggad på en för låg tillitsnivå. Det här kräver tillitsnivå 3: logga in med ditt ordinarie kort i stället för reservkortet.
refusal-policy-own-card = Ingen arbetar som handläggare med sitt eget kort. Be en kollega göra det.
refusal-policy-own-role = Ingen ger sig själv en roll. Be en annan ansvarig utgivare göra det.
refusal-policy-ordered-it = Du beställde det här kortet, och den som har beställt ett kort får inte kontrollera identiteten eller aktivera det. Be en kollega göra det.
refusal-policy-second-officer-needed = Reservkort på tillitsnivå 3 kräver två handläggare: en kontrollerar identiteten, en annan aktiverar. Be en kollega göra det ena av de två.
refusal-policy-protected-identity = Personen har skyddade personuppgifter. Bara den som är särskilt behörig får handlägga kortet. Be en kollega med den behörigheten ta över.
refusal-policy-not-own = Det här hör till någon annan. På Mina sidor ser du bara det som är ditt eget.
refusal-policy-requested-it = Den som har begärt en funktion beslutar inte om den. Be en kollega göra det.
refusal-policy-scope-missing = Programmet har inte den behörigheten. Be en driftansvarig bevilja ett program med rätt omfattning, med sigill api grant.
refusal-policy-not-in-hand = Funktionen hör till någon annan. Ett program når bara de funktioner som det själv har begärt eller fått i sin hand.

# Looking for something.
refusal-find-person-unknown = Personen finns inte här. Länken är gammal eller felskriven: sök upp personen på nytt.
refusal-find-card-unknown = Kortet finns inte här. Länken är gammal eller felskriven: sök upp kortet på nytt.
refusal-find-order-unknown = Beställningen finns inte här. Länken är gammal eller felskriven: leta upp den under Beställningar.
refusal-find-batch-unknown = Omgången finns inte här. Länken är gammal eller felskriven: leta upp den under Tillverkning.
refusal-find-engagement-unknown = Uppdraget finns inte här. Länken är gammal eller felskriven: gå tillbaka till kortet och välj på nytt.
refusal-find-receipt-unknown = Kvittensen finns inte här. Länken är gammal eller felskriven: öppna den från kortets sida.
refusal-find-photo-unknown = Kortet har inget foto än.
refusal-find-search-too-short = Det du sökte på är för kort. Skriv minst två tecken.
refusal-find-number-in-search = Sök inte på personnummer: det du söker på hamnar i webbadressen och i webbläsarens historik. Sök på namn eller HSA-id i stället.

# Forms.
refusal-form-unreadable = Formuläret gick inte att läsa. Gå tillbaka, läs in sidan på nytt och fyll i den igen.
refusal-form-foreign = Formuläret kom inte från en sida som hör till din inloggning. Det händer när sidan har stått öppen sedan en tidigare inloggning. Gå tillbaka, läs in sidan på nytt och försök igen.
refusal-form-too-large = Det du skickade är för stort. Korta ner det och försök igen.

# Ordering.
refusal-order-person-unknown = Personen finns inte i personregistret. Sök på nytt, eller fråga den som sköter registret.
refusal-order-no-engagement = Personen har varken en pågående eller en kommande anställning här, och utan den beställs inget kort. Be personalavdelningen lägga in anställningen. Den kommer hit med nästa personalfil.
refusal-order-no-product = Inget kort är avsett för den här sortens anställning. Kontrollera med personalavdelningen att den är rätt registrerad. Är den det, fråga ansvarig utgivare.
refusal-order-no-product-fits = Inget kort är avsett för den här sortens anställning. Kontrollera med personalavdelningen att den är rätt registrerad. Är den det, fråga ansvarig utgivare.
refusal-order-engagement-ended = Anställningen har slutat, och då beställs inget kort. Har den förlängts, be personalavdelningen rätta slutdatumet.
refusal-order-handed-out-at-station = Det kort som reglerna väljer beställs inte här: det lämnas ut direkt på en kortstation. Be personen gå dit med en giltig id-handling.
refusal-order-card-exists = Personen har redan ett kort, eller ett på väg, och var och en har bara ett ordinarie kort. Är det gamla borta eller trasigt, spärra det först. Beställ sedan det nya.
refusal-order-order-unknown = Beställningen finns inte. Leta upp den under Beställningar.
refusal-order-too-late = Beställningen kan inte tas tillbaka längre: kortet har redan certifikat. Ska det inte användas, be en kortstation spärra det.
refusal-order-no-address = Personen saknar folkbokföringsadress hos oss, och dit skickas kortet. Be personalavdelningen uppdatera personalfilen. Är personen inte folkbokförd i Sverige, be om ett reservkort på en kortstation.

# Photographs.
refusal-photograph-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-photograph-not-waiting = Kortet väntar inte på något foto. Kanske är det redan fotograferat. Läs in kortets sida på nytt.
refusal-photograph-not-a-picture = Filen är ingen JPEG-, PNG- eller WebP-bild. Spara bilden som JPEG och välj den på nytt (en iPhone gör det när kameran är inställd på Mest kompatibel), eller ta den med kameran här på sidan.
refusal-photograph-unreadable = Bilden är skadad eller orimligt stor och går inte att läsa. Spara den på nytt som JPEG, eller ta den med kameran här på sidan.
refusal-photograph-too-large = Bildfilen är för stor. Högst 12 MB tas emot: minska bilden och försök igen.
refusal-photograph-too-small = Bilden har för få bildpunkter för att tryckas. Minst 319 × 425 behövs: gå närmare eller ställ in högre upplösning.
refusal-approve-photo-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-approve-photo-not-waiting = Kortet väntar inte på något foto. Kanske är det redan godkänt. Läs in kortets sida på nytt.
refusal-approve-photo-not-this = En nyare bild har tagits sedan sidan lästes in. Se på den och godkänn den i stället.
refusal-approve-photo-faults = Bilden har anmärkningar. Ta en ny, eller skriv varför den duger ändå.
refusal-approve-photo-cannot-be-overruled = Bilden går inte att trycka. Ta en ny.
refusal-approve-photo-reason-unclear = Skälet är för kort, för långt eller innehåller ett personnummer. Skriv med minst åtta bokstäver varför bilden duger ändå.
refusal-produce-photo-not-approved = Fotot på ett av korten är inte godkänt. Öppna kortet och ta eller godkänn ett foto. Inget kort skickades.

# Production and delivery.
refusal-produce-nothing-chosen = Inget kort är valt. Markera minst ett kort och försök igen.
refusal-produce-card-unknown = Ett av korten finns inte längre. Läs in sidan på nytt och välj igen. Inget kort skickades.
refusal-produce-not-ready = Ett av korten är inte längre klart för tillverkning. Kanske har en kollega redan skickat det. Läs in sidan på nytt och välj igen. Inget kort skickades.
refusal-produce-no-address = En av personerna saknar folkbokföringsadress just nu, och dit skickas kortet. Be personalavdelningen uppdatera personalfilen, eller lämna det kortet utanför omgången. Inget kort skickades.
refusal-produce-engagement-ended = En av anställningarna har slutat sedan kortet beställdes. Lämna det kortet utanför omgången. Inget kort skickades.
refusal-produce-batch-unknown = Omgången finns inte. Leta upp den under Tillverkning.
refusal-deliver-card-unknown = Inget kort har det numret. Kontrollera det mot tillverkarens lista.
refusal-deliver-out-of-order = Rapporten stämmer inte med var kortet är. Ett kort tillverkas, skickas och kan sedan komma tillbaka, i den ordningen. Kontrollera kortets sida och rapportera på nytt.

# The identity check.
refusal-check-identity-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-check-identity-not-waiting = Kortet väntar inte på att aktiveras. Kontrollera på kortets sida hur långt det har kommit.
refusal-check-identity-bad-number = Handlingens nummer har 4–20 siffror och bokstäver. Skriv av det som det står på handlingen.
refusal-check-identity-expired = Handlingen har gått ut, och bara giltiga godtas. Be personen komma tillbaka med en giltig id-handling.
refusal-check-identity-implausible-expiry = Ingen av de fem handlingarna gäller så länge. Kontrollera att datumet är rätt avskrivet.
refusal-check-identity-digital-form = Digitala id-handlingar godtas inte, bara själva handlingen. Be personen visa den, eller komma tillbaka med den.
refusal-check-identity-pink-passport = Rosa provisoriska pass godtas inte. Be personen komma tillbaka med någon av de fem handlingarna.
refusal-check-identity-in-cover = Handlingen måste tas ur fodral och plånbok. Be personen ta ur den och kontrollera på nytt.
refusal-check-identity-damaged = En skadad eller smutsig handling godtas inte, eftersom ändringar inte går att se. Be personen komma tillbaka med en hel.
refusal-check-identity-photo-differs = Fotot föreställer inte personen, och då lämnas kortet inte ut. Är du osäker, be en kollega titta också.
refusal-check-identity-details-differ = Uppgifterna på handlingen stämmer inte med personen eller med våra, och då lämnas kortet inte ut. Har personen bytt namn, be beställaren uppdatera uppgifterna och beställa ett nytt kort.
refusal-check-identity-suspected-false = Du misstänker att handlingen är falsk. Kortet lämnas inte ut. Behåll lugnet, säg att kontrollen inte gick att slutföra och kontakta ansvarig utgivare eller säkerhetsansvarig.
refusal-check-identity-missing-check-point = Den här frågan är inte besvarad. Svara på den för att gå vidare.

# Activation.
refusal-activate-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-activate-not-waiting = Kortet väntar inte på att aktiveras. Kontrollera på kortets sida hur långt det har kommit.
refusal-activate-identity-not-checked = Identitetskontrollen saknas eller är äldre än en timme. Den görs av den som aktiverar, med innehavaren på plats. Gör den nu.
refusal-activate-engagement-ended = Anställningen som kortet beställdes för har slutat, så kortet aktiveras inte. Har den förlängts, be personalavdelningen rätta slutdatumet.
refusal-activate-ticket-invalid = Aktiveringen avbröts eller tog för lång tid. Kortet är helt: börja om med det, så fortsätter det där det var.
refusal-activate-other-card = Ett annat kort sitter i läsaren. Jämför numret på kortet med det här på sidan, sätt i rätt kort och börja om.
refusal-activate-card-foreign = Kortet svarar inte med de nycklar det fick hos tillverkaren, så det aktiveras inte. Lägg undan det, meddela säkerhetsansvarig och beställ ett nytt.
refusal-activate-answer-unexpected = Kortprogrammet svarade något annat än det fick frågan om. Börja om. Hjälper det inte: starta om kortprogrammet och se till att det är den senaste versionen.
refusal-activate-key-unproven = Kortets nyckel kunde inte bevisa att den finns på kortet. Börja om. Händer det igen, lägg undan kortet och beställ ett nytt.
refusal-activate-certificate-differs = Certifikatet som lästes tillbaka är inte det som skrevs. Börja om. Händer det igen är kortet trasigt: lägg undan det och beställ ett nytt.
refusal-activate-receipt-invalid = Underskriften på kvittensen stämmer inte. Börja om och låt innehavaren skriva under på nytt.
refusal-activate-cancelled = Aktiveringen avbröts vid kortet. Börja om när innehavaren är redo. Det som är gjort finns kvar.
refusal-activate-card-removed = Kortet togs ur läsaren. Sätt i det igen och börja om, så fortsätter det där det var.
refusal-activate-code-blocked = Koden är låst efter för många fel. Kortet behöver låsas upp innan det går att fortsätta. Lägg undan det och fråga supporten.
refusal-activate-card-fault = Kortet gjorde något oväntat. Ta ut det, torka av chippet, sätt i det igen och börja om. Händer det igen är kortet trasigt: beställ ett nytt.

# Signing in.
refusal-rotate-family-unknown = Det finns ingen utfärdare med det namnet. Namnen står i sigill ca list, utan version: person-3-ca, inte person-3-ca-v1.
refusal-rotate-root-away = Rotens nyckel är inte här. Ta fram den och ange mappen med --root-keys.
refusal-sign-in-ticket-invalid = Inloggningen avbröts eller tog för lång tid. Öppna kortet på nytt här.
refusal-sign-in-no-certificate = Kortet har inget certifikat för inloggning. Är det nytt behöver det aktiveras på en kortstation först. Nyckelkort går inte att logga in med.
refusal-sign-in-certificate-foreign = Kortets certifikat är inte utfärdat här. Kontrollera att rätt kort sitter i läsaren.
refusal-sign-in-certificate-expired = Kortets certifikat har gått ut. Be din chef beställa ett nytt kort.
refusal-sign-in-certificate-held = Kortet är pausat och går inte att logga in med förrän pausen tas bort. Har du kortet, ta med det och en id-handling till en kortstation; är det borta, låt spärra det.
refusal-sign-in-certificate-revoked = Kortet är spärrat och går inte att logga in med. Be din chef beställa ett nytt, eller fråga om ett reservkort på en kortstation.
refusal-sign-in-card-not-active = Kortet är inte aktivt. Är det nytt, ta med det och en id-handling till en kortstation. Har underskriften inte blivit klar, gå tillbaka dit.
refusal-sign-in-signature-invalid = Kortets svar stämmer inte. Försök igen. Händer det igen, pröva kortet på en kortstation.
refusal-sign-in-answer-unexpected = Kortprogrammet svarade något annat än det fick frågan om. Försök igen. Hjälper det inte: starta om kortprogrammet och se till att det är den senaste versionen.
refusal-sign-in-cancelled = Inloggningen avbröts vid kortet. Försök igen när du är redo.
refusal-sign-in-code-blocked = Koden är låst efter för många fel. Gå till en kortstation och lås upp kortet.
refusal-sign-in-session-ended = Du har blivit utloggad. Det händer efter en halvtimme utan aktivitet, efter en arbetsdag, eller när kortet har spärrats. Logga in igen.

# Revoking, returning, ending.
refusal-hold-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-hold-already-held = Kortet är redan pausat. Kommer det till rätta, ta med det till en kortstation; är det borta, låt spärra det.
refusal-hold-not-in-use = Kortet har inget att pausa: det är inte aktiverat, eller så är det redan slut.
refusal-release-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-release-not-held = Kortet är inte pausat, så det finns ingen paus att ta bort. Är det spärrat, beställ ett nytt.
refusal-revoke-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-revoke-already-revoked = Kortet är redan spärrat. Du behöver inte göra något mer.
refusal-revoke-not-in-use = Kortet har inget att spärra: det är inte aktiverat, eller så är det redan slut. Är det på väg kan beställningen tas tillbaka.
refusal-return-card-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-return-card-not-in-use = Kortet är inte i bruk och avregistreras inte. Är det på väg, be beställaren ta tillbaka beställningen.
refusal-return-card-already-deregistered = Kortet är redan avregistrerat. Du behöver inte göra något mer.
refusal-end-engagement-engagement-unknown = Uppdraget finns inte. Gå tillbaka till kortet och välj på nytt.
refusal-end-engagement-already-ended = Uppdraget har redan slutat. Du behöver inte göra något mer.
refusal-end-engagement-before-start = Sista dagen kan inte ligga före den första. Kontrollera datumet.

# At the console.
refusal-grant-role-person-unknown = Ingen person med den identifieraren finns. Kontrollera HSA-id:t och importera personalfilen först.
refusal-grant-role-already-granted = Personen har redan rollen. Inget ändrades.
refusal-grant-role-not-granted = Personen har inte rollen. Inget ändrades.
refusal-import-staff-file-unreadable = Filen är ingen personalfil som går att läsa. Exportera den på nytt som CSV. Inget ändrades.
refusal-import-staff-complete-but-empty = Filen har inte en enda godtagbar rad, och en komplett fil utan rader skulle avsluta alla uppdrag. Kontrollera filen. Inget ändrades.
refusal-import-staff-complete-but-spoilt = Filen har felaktiga rader, och en komplett import skulle avsluta uppdragen för dem som står där. Rätta raderna, eller importera utan --complete. Inget ändrades.
refusal-found-person-unknown = Ingen person med den identifieraren finns. Importera personalfilen först.
refusal-found-not-officer = Personen är inte ID-administratör. Ge rollen först, med sigill role grant.
refusal-found-already-founded = Installationen är redan grundad: två ID-administratörer har aktiva kort. Fortsätt med dem.

# Funktioner och program.
refusal-request-function-name-unfit = Namnet passar inte i ett certifikat. Skriv 1–64 tecken på en rad.
refusal-request-function-name-taken = En annan funktion i bruk heter redan så. Välj ett annat namn, eller stäng den andra först.
refusal-request-function-profile-unknown = Ingen utfärdare ger funktioner certifikat enligt den profilen. De vanliga är server, client, token-signer och domain-controller.
refusal-request-function-host-name-unfit = Ett av värdnamnen är inget fullständigt namn, som journal.example.se. Jokertecken och adresser godtas inte.
refusal-request-function-host-name-missing = Profilen kräver minst ett värdnamn. Lägg till det och försök igen.
refusal-request-function-host-name-barred = Profilen tar inga värdnamn. Ta bort dem, eller välj en annan profil.
refusal-request-function-host-names-too-many = Ett certifikat rymmer högst 100 värdnamn. Dela upp funktionen i flera.
refusal-request-function-hsa-id-unfit = HSA-id:t är inte rätt skrivet. Det ser ut som SE2321000016-4F0X.
refusal-request-function-email-unfit = Kontaktadressen är ingen e-postadress. Skriv den som drift@example.se.
refusal-request-function-client-unknown = Det finns inget program med det namnet. Namnen står i sigill api list.
refusal-request-function-key-reused = Nyckeln i Idempotency-Key har använts till något annat. Välj en ny för varje ny begäran.
refusal-decide-function-function-unknown = Funktionen finns inte. Länken är gammal eller felskriven: leta upp den under Funktioner.
refusal-decide-function-already-decided = Någon har redan beslutat om funktionen. Du behöver inte göra något mer.
refusal-certify-function-function-unknown = Det finns ingen sådan funktion. Kontrollera beteckningen.
refusal-certify-function-not-approved = Funktionen är inte godkänd, eller inte längre. Den godkänns under Funktioner av en annan än den som begärde den.
refusal-certify-function-request-unreadable = Det är ingen certifikatbegäran som går att läsa. Skicka en PKCS #10 som PEM eller DER, högst 16 kB.
refusal-certify-function-key-unproven = Begäran bevisar inte att den som skickar den har nyckeln, eller så är nyckeln av ett slag som inte godtas. Gör en ny begäran.
refusal-certify-function-key-kind-unfit = Profilen tar inte den sortens nyckel. Gör en ny begäran, till exempel med en P-256-nyckel.
refusal-certify-function-name-not-approved = Begäran nämner ett namn som inte är godkänt för funktionen. Ta bort det ur begäran, eller begär en ny funktion med det.
refusal-certify-function-days-unfit = Certifikatet kan inte gälla så länge. Välj minst en dag och högst vad profilen tillåter.
refusal-certify-function-key-held-by-system = Systemet har själv nyckeln till funktionen och förnyar certifikatet av sig självt. Ingen begäran behövs.
refusal-certify-function-key-reused = Nyckeln i Idempotency-Key har använts till något annat. Välj en ny för varje ny begäran.
refusal-revoke-function-function-unknown = Det finns ingen sådan funktion. Kontrollera beteckningen.
refusal-revoke-function-certificate-unknown = Funktionen har inget certifikat med det serienumret. Kontrollera det, hexadecimalt.
refusal-revoke-function-already-revoked = Certifikatet är redan spärrat. Du behöver inte göra något mer.
refusal-revoke-function-ended = Certifikatet har redan gått ut av sig självt. Du behöver inte göra något mer.
refusal-revoke-function-reason-unfit = Det skälet gäller inte funktioner. Välj ett annat, till exempel key-compromise eller superseded.
refusal-revoke-function-not-approved = Funktionen är inte godkänd, eller redan stängd. Det finns inget att stänga.
refusal-revoke-function-key-reused = Nyckeln i Idempotency-Key har använts till något annat. Välj en ny för varje ny begäran.
refusal-find-function-function-unknown = Det finns ingen sådan funktion. Kontrollera beteckningen.
refusal-find-function-certificate-unknown = Funktionen har inget certifikat med det serienumret. Kontrollera det, hexadecimalt.
refusal-manage-clients-name-unfit = Namnet passar inte. Skriv 1–128 tecken på en rad.
refusal-manage-clients-name-taken = Ett annat program heter eller har hetat så. Välj ett annat namn, så att loggen går att läsa.
refusal-manage-clients-scope-missing = Utan omfattning får programmet inte göra något. Ange minst en: functions eller directory.
refusal-manage-clients-client-unknown = Det finns inget program med det namnet. Namnen står i sigill api list.
refusal-manage-clients-already-revoked = Programmet är redan avstängt. Inget har ändrats.

# API:t.
refusal-api-body-unreadable = Innehållet går inte att läsa. Det ska vara JSON som beskrivs i /api/openapi.json.
refusal-api-body-too-large = Det som skickades är för stort. Högst 64 kB tas emot.
refusal-api-media-type-unfit = Innehållet är av en typ som inte tas emot här. Typerna står i /api/openapi.json.
refusal-api-parameter-unfit = En parameter i adressen går inte att läsa. Parametrarna står i /api/openapi.json.
refusal-api-key-unfit = Nyckeln i Idempotency-Key ska ha 1–255 synliga ASCII-tecken. Välj en annan.
refusal-api-secret-unknown = Programmets hemlighet saknas, är fel eller har dragits in. Skicka den som Authorization: Bearer, eller be en driftansvarig om en ny.
refusal-api-fault = Något gick fel hos oss. Försök igen, och uppge begärans nummer om det händer igen.
refusal-directory-person-unknown = Ingen har det HSA-id:t. Kontrollera det, och att personen finns i personalfilen.
refusal-unlock-card-unknown = Kortet finns inte. Sök upp det på nytt.
refusal-unlock-not-in-use = Kortet är inte i bruk, så det finns ingen kod att byta. Se på kortets sida hur långt det har kommit.
refusal-unlock-identity-not-checked = Identitetskontrollen saknas eller är äldre än en timme. Den som låser upp gör den, med innehavaren på plats. Gör den nu.
refusal-unlock-ticket-invalid = Upplåsningen avbröts eller tog för lång tid. Kortet är oskadat: börja om med det.
refusal-unlock-other-card = Ett annat kort sitter i läsaren. Jämför numret på kortet med det på sidan, sätt i rätt kort och börja om.
refusal-unlock-codes-refused = Kortet tog inte emot sin upplåsningskod. Spärra kortet, meddela säkerhetsansvarig och beställ ett nytt.
refusal-unlock-answer-unexpected = Kortprogrammet svarade på något annat än det som frågades. Börja om. Hjälper inte det: starta om kortprogrammet och se till att det är den senaste versionen.
refusal-unlock-cancelled = Upplåsningen avbröts vid kortet. Börja om när innehavaren är redo.
refusal-unlock-card-removed = Kortet togs ut ur läsaren. Sätt i det igen och börja om, så blir det klart.
refusal-unlock-card-fault = Kortet gjorde något oväntat, eller så är även upplåsningskoden låst. Ta ut kortet, sätt i det igen och börja om. Händer det igen: spärra kortet och beställ ett nytt.

# What readers say of pages.
refusal-feedback-page-unknown = Svaret hör inte till någon sida här. Gå tillbaka till sidan och svara på nytt.
refusal-feedback-too-many = Det kommer just nu fler svar än vi kan ta emot. Försök igen om en stund.
refusal-feedback-empty = Det står inget i rutan. Skriv något och skicka igen.
refusal-feedback-too-long = Texten är längre än 2 000 tecken. Korta den och skicka igen.
refusal-feedback-holds-number = Texten ser ut att innehålla ett personnummer, och det du skriver kan bli en allmän handling. Ta bort numret, eller skicka texten med numret utsuddat.
refusal-feedback-closed = Det går inte längre att skriva något till det svaret. Gå tillbaka till sidan och svara på nytt.
refusal-feedback-not-waiting = Synpunkten väntar inte: någon har redan hanterat den. Läs in sidan på nytt.
refusal-policy-role-missing-in-editors = Här läser webbredaktörerna läsarnas synpunkter, och det kräver rollen webbredaktör, som du inte har. Behöver du den i ditt arbete, be ansvarig utgivare ge dig den.
refusal-kiosk-not-open = Den här datorn är ingen öppen fotokiosk. En ID-handläggare öppnar den: logga in på kortstationen och välj Fotokiosker.
refusal-kiosk-place-unclear = Skriv var kiosken står, på en rad.
refusal-kiosk-code-wrong = Koden stämmer inte. Se efter att alla åtta siffror är rätt, eller be om en ny kod.
refusal-kiosk-locked = För många koder har varit fel. Vänta en stund och försök igen, eller gå till kortstationen.
refusal-kiosk-photo-gone = Bilden är glömd, för att det gick för lång tid. Skriv koden igen och ta en ny.
