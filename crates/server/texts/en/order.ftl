# The orderer's pages.

page-order-search-title = Order a card
page-order-search-lead = Look up the person who is to have the card.
page-order-search-name = Name
page-order-search-hint = Given or family name, or a part of it. The search is logged.
page-order-search-found = { $count ->
    [0] Nobody found
    [one] One person
   *[other] { $count } people
}
page-order-search-nobody = Nobody with that name is in the register. Check the spelling, or ask those who keep the register whether the person has been added.
page-order-search-more = There are more. Enter more of the name.

page-order-person-title = A card for { $name }
page-order-person-back = New search
page-order-person-has = The person has a card already
page-order-person-engagement = Employment or assignment
page-order-person-chosen = The card is ordered for this engagement
page-order-person-choose = Order for this engagement instead
page-order-person-nothing = No card can be ordered
page-order-person-rule = The rules choose
page-order-person-why = Why this very card?
page-order-person-follows = What follows with it
page-order-person-next = What happens then
page-order-person-photo = The person is photographed at a card station or in a photo kiosk.
page-order-person-no-photo = No photo is needed.
page-order-person-address = The registered home address is fetched only when the card is produced. You need not give it.
page-order-person-code = No code is sent. The person chooses it when the card is activated.
page-order-person-confirm = I have the right to order cards for this person
page-order-person-submit = Order the card
page-order-placed = The card is ordered.
page-order-cancelled = The order is taken back.

page-orders-title = Orders
page-orders-show = Show
page-orders-open = In progress
page-orders-all = All
page-orders-none = There are no orders to show.
page-orders-by = { $at }, by { $by }
page-order-detail-title = Order for { $name }
page-order-detail-back = All orders
page-order-detail-for = Ordered for
page-order-state = Order
page-ordered = Ordered
page-order-cancel-heading = Take back the order
page-order-cancel-about = The card is cancelled and not produced. If it is needed after all, order again.
page-order-cancel = Take back the order

order-state-open = In progress
order-state-fulfilled = Done, the card works
order-state-cancelled = Taken back
