# The frame of every page, dates, and words that many pages share.

date-day = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
date-moment = { date-day } at { $hour }:{ $minute }

page-frame-skip = Skip to the content
page-frame-help = Help
page-frame-other-language = Svenska
page-frame-logout = Log out
page-frame-menu = Menu
page-frame-demo = This is a demo. All people are invented and no card is real.
page-frame-status = Service status
page-frame-pki = Authorities and revocation lists
page-frame-footer = Sigill is open-source software for employee eID cards.
page-frame-refused = That was not possible.
page-frame-code = Code for support:
page-frame-problems = { $count ->
    [one] One thing needs to be corrected
   *[other] { $count } things need to be corrected
}
page-frame-to-start = To the start page

portal-public = Start
portal-order = Order cards
portal-station = Card station
portal-mine = My pages

page-search = Search
page-back = Back
page-not-now = Cancel
page-yes = Yes
page-no = No
page-what-now = What do I do now?
page-live-lost = The connection is broken at the moment. The page keeps trying. You can also reload it.
page-minutes = { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}
page-milliseconds = { $milliseconds } ms
page-period = { $from } – { $to }
page-period-open = from { $from } until further notice
page-since = since { $at }
page-cards-word = { $count ->
    [one] card
   *[other] cards
}

page-card-number = Card number
page-card-no-number = No card number yet
page-card-none = No card
page-card-kind = Kind of card
page-card-photo = The photo on the card
page-product-code = Product code
page-loa = Level of assurance
page-loa-value = { $loa } of 4
page-valid-to = Valid through
page-valid-at-most = Valid at most through
page-hsa-id = HSA-id
page-person-protected = Protected identity. Do not let others see these details, and do not say the address aloud.
page-person-protected-short = Protected
page-engagement-none = No current employment or assignment
page-services-none = No IT services
page-events = What has happened

page-credentials = Certificates
page-credentials-none = No certificates
page-credential-to = Valid through { $to }.
page-credential-serial = Serial number

life-label = The life of the card
life-ordered = Ordered
life-photo = Photo
life-production = Produced
life-delivery = Sent
life-activation = Activated
life-revoked = Revoked
life-expired = Expired
life-replaced = Replaced
life-deregistered = Deregistered
life-cancelled = Cancelled

standing-done = done
standing-now = in progress
standing-ahead = to come
standing-trouble = stopped

health-good = Works
health-ageing = Needs a look
health-bad = Does not work

progress-label = The steps
activation-step-identity = The identity is checked
activation-step-card = The card is read
activation-step-key = The card has got keys of its own
activation-step-code = The holder has chosen a code
activation-step-keys = The keys are made on the card
activation-step-certificates = The certificates are written and read back
activation-step-receipt = The receipt is signed
activation-step-finished = The card works
sign-in-step-card = The card is read
sign-in-step-code = The code is right
sign-in-step-sign = The card has answered
sign-in-step-finished = You are logged in
portal-functions = Functions
unlock-step-identity = The identity is checked
unlock-step-card = The card is read
unlock-step-code = The holder has chosen a new code
