# What the card client shows its holder, and what its desk says when an act ends early.
card-client-purpose-activate = Activate the card: you choose a code, the card makes its keys, and you sign the receipt.
card-client-purpose-sign-in = Log in to { $portal }.
card-client-portal-order = the ordering portal
card-client-portal-station = the card station
card-client-portal-mine = My pages
card-client-done-activate = The card is active and works now.
card-client-done-sign-in = You are logged in. Go back to the page where you began.
refusal-desk-cancelled = You cancelled. Nothing more happens with the card. Begin again from the page you were on when you want to go on.
refusal-desk-card-removed = The card was taken out before all was done. Put the same card back and begin again: it goes on from where it was.
refusal-desk-code-blocked = The code is locked after too many wrong tries. Unlock the card at a card station.
refusal-desk-card-fault = The card answered in a way it should not. Try once more; otherwise take the card to a card station.
refusal-desk-not-allowed = The server asked for something the card program does not do. Contact support with the code below.
refusal-desk-incident = Something went wrong on our side, not yours. Try again in a while; otherwise contact support.
refusal-desk-no-answer = The server did not answer. Check the network and begin again: the card goes on from where it was.
card-client-portal-functions = functions
refusal-desk-other-card = The card in the reader is not the one this is about. Put in the right card and start again.
