# The orderer's pages.

page-order-search-title = Beställ kort
page-order-search-lead = Sök upp den som ska ha kortet.
page-order-search-name = Namn
page-order-search-hint = För- eller efternamn, eller en del av det. Sökningen loggas.
page-order-search-found = { $count ->
    [0] Ingen träff
    [one] En person
   *[other] { $count } personer
}
page-order-search-nobody = Ingen med det namnet finns i personregistret. Kontrollera stavningen, eller fråga den som sköter registret om personen är inlagd.
page-order-search-more = Det finns fler träffar. Skriv mer av namnet.

page-order-person-title = Kort till { $name }
page-order-person-back = Ny sökning
page-order-person-has = Personen har redan kort
page-order-person-engagement = Anställning eller uppdrag
page-order-person-chosen = Kortet beställs för det här uppdraget
page-order-person-choose = Beställ för det här uppdraget i stället
page-order-person-nothing = Inget kort kan beställas
page-order-person-rule = Reglerna väljer
page-order-person-why = Varför just det här kortet?
page-order-person-follows = Det här följer med
page-order-person-next = Så går det vidare
page-order-person-photo = Personen fotograferas på en kortstation eller i en fotokiosk.
page-order-person-no-photo = Inget foto behövs.
page-order-person-address = Folkbokföringsadressen hämtas först när kortet tillverkas. Du behöver inte ange den.
page-order-person-code = Ingen kod skickas. Personen väljer den själv när kortet aktiveras.
page-order-person-confirm = Jag har rätt att beställa kort åt den här personen
page-order-person-submit = Beställ kortet
page-order-placed = Kortet är beställt.
page-order-cancelled = Beställningen är återtagen.

page-orders-title = Beställningar
page-orders-show = Visa
page-orders-open = Pågående
page-orders-all = Alla
page-orders-none = Det finns inga beställningar att visa.
page-orders-by = { $at }, av { $by }
page-order-detail-title = Beställning för { $name }
page-order-detail-back = Alla beställningar
page-order-detail-for = Beställt för
page-order-state = Beställning
page-ordered = Beställt
page-order-cancel-heading = Ta tillbaka beställningen
page-order-cancel-about = Kortet makuleras och tillverkas inte. Behövs det ändå får du beställa på nytt.
page-order-cancel = Ta tillbaka beställningen

order-state-open = Pågår
order-state-fulfilled = Klar, kortet fungerar
order-state-cancelled = Återtagen
