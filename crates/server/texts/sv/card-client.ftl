# What the card client shows its holder, and what its desk says when an act ends early.
card-client-purpose-activate = Aktivera kortet: du väljer en kod, kortet skapar sina nycklar och du skriver under kvittensen.
card-client-purpose-sign-in = Logga in i { $portal }.
card-client-portal-order = beställningsportalen
card-client-portal-station = kortstationen
card-client-portal-mine = Mina sidor
card-client-done-activate = Kortet är aktivt och fungerar nu.
card-client-done-sign-in = Du är inloggad. Gå tillbaka till sidan där du började.
refusal-desk-cancelled = Du avbröt. Inget mer händer med kortet. Börja om från sidan där du var när du vill fortsätta.
refusal-desk-card-removed = Kortet togs ut innan allt var klart. Sätt i samma kort och börja om: det fortsätter där det var.
refusal-desk-code-blocked = Koden är låst efter för många felaktiga försök. Lås upp kortet på en kortstation.
refusal-desk-card-fault = Kortet svarade på ett sätt som det inte ska. Försök en gång till, och lämna annars kortet till en kortstation.
refusal-desk-not-allowed = Servern bad om något som kortprogrammet inte gör. Kontakta supporten med koden nedan.
refusal-desk-incident = Något gick fel hos oss, inte hos dig. Försök igen om en stund och kontakta annars supporten.
refusal-desk-no-answer = Servern svarade inte. Kontrollera nätverket och börja om: kortet fortsätter där det var.
card-client-portal-functions = funktioner
refusal-desk-other-card = Kortet i läsaren är ett annat än det som ärendet gäller. Sätt i rätt kort och börja om.
