# Funktioner.

page-functions-title = Funktioner
page-functions-lead = Servrar och program som får egna certifikat. En funktion godkänns en gång, av en annan än den som begärde den.
page-functions-waiting = Väntar på beslut
page-functions-none-waiting = Ingen funktion väntar.
page-functions-approved = Godkända
page-functions-none-approved = Ingen funktion är godkänd än.
page-functions-approve = Godkänn
page-functions-reject = Avslå
page-functions-was-approved = Funktionen är godkänd och får certifikat.
page-functions-was-rejected = Funktionen är avslagen.
page-functions-test = Testträdet
page-functions-profile = Profil
page-functions-hosts = Värdnamn
page-functions-hsa-id = HSA-id
page-functions-email = Kontakt
page-functions-key = Nyckeln
page-functions-key-requester = Hos den som begär
page-functions-key-system = I det här systemet, förnyas av sig själv
page-functions-since = Sedan
