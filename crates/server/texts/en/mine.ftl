# Mina sidor, and the receipt.

page-mine-cards-title = My card
page-mine-cards-heading = Hello { $name }
page-mine-cards-none = You have no card here. Ask your manager to order one.
page-mine-cards-this = You are logged in with this card.
page-mine-days-left = { $days ->
    [one] One day left
   *[other] { $days } days left
}
page-mine-no-days-left = The validity has ended
page-mine-validity-last = is the last day
page-mine-certificates = What is on the card
page-mine-lost = Revoke the card
page-mine-back = My card
page-mine-logins-title = Logins
page-mine-logins-lead = This is how your card has been used to log in.
page-mine-logins-none = No logins yet.
page-mine-logins-when = When
page-mine-logins-where = Where
page-mine-logins-result = Result
page-mine-logins-good = Logged in
page-mine-logins-here = Logged in, right now
page-mine-logins-bad = Refused
page-mine-logins-strange = Is there a login you do not know? Revoke the card and contact a card station.

page-mine-revoke-title = Revoke your card
page-mine-revoke-lead = Do it at once if the card is gone, or if somebody else may know your code.
page-mine-revoke-mail = All certificates on the card stop at once. Encrypted mail that you have not saved cannot be read without the card.
page-mine-revoke-this = You are logged out at the same time, since this is the card you are logged in with.
page-mine-revoke-reason = What has happened?
page-mine-revoke-confirm = I understand that the revocation cannot be undone
page-mine-revoke-keep = Keep the card
page-mine-revoked-title = The card is revoked
page-mine-revoked-at = It stopped { $at }. Nobody can log in with it any more.
page-mine-revoked-now-1 = Tell your manager, who orders a new card.
page-mine-revoked-now-2 = If you need a card today: ask for a reserve card at a card station.
page-mine-revoked-now-3 = If you find the card again: cut it in two and hand it in at a card station.

page-receipt-title = Receipt
page-receipt-lead = The holder has received the employee eID card and has signed here with the card’s own code.
page-receipt-holder = Holder
page-receipt-card = Card
page-receipt-document = Identity document shown
page-receipt-officer = Identity officer
page-receipt-signed = Signed
page-receipt-got = Certificates received
page-receipt-promise = The holder promises
page-receipt-promise-1 = never to lend the card or let anybody else use it
page-receipt-promise-2 = to keep the code secret
page-receipt-promise-3 = to revoke the card at once if it disappears or the code may be known
page-receipt-promise-4 = to hand in the card, cut in two, when the engagement ends
page-receipt-verified = The signature is genuine
page-receipt-verified-about = Verified just now against the certificate on the card.
page-receipt-unverified = The signature could not be confirmed
page-receipt-unverified-about = Show this page to the responsible issuer.
page-receipt-id = Number of the receipt:
page-receipt-print = Print
page-receipt-print-open = Show the receipt for printing
page-receipt-file = Fetch the signed file
page-receipt-show = Show the receipt
