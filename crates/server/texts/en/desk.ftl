# The desk of the demo: a computer with a card reader.

desk-name = Your computer
desk-about = Virtual card reader, in the demo only
desk-to-portals = To the portals
desk-footer = The desk plays your own computer. Codes stay here and on the card; the portals never see them.
desk-reader = The card reader
desk-reader-empty = No card in the reader.
desk-drawer-title = The drawer with cards
desk-drawer-lead = The cards belong to invented people. Put one in the reader, and the portals can talk to it.
desk-drawer-empty = The drawer is empty. Cards land here when they are produced.
desk-insert = Put in the reader
desk-eject = Take out the card
desk-code-hint = Code:
desk-code-own = The code is chosen at activation.
desk-locked = The card is locked
desk-asked = Who asks
desk-for-whom = For
desk-session = Mark
desk-steps = The steps
desk-insert-heading = Put in the card
desk-insert-lead = Choose the card to be used.
desk-ask-yes = Continue
desk-ask-activate = The card gets keys and certificates of its own. You choose a code, and at the end you sign that you have received the card.
desk-ask-sign-in = The card answers a question and proves that it is you. Then you are logged in.
desk-choose-heading = Choose your code
desk-choose-lead = { $min } to { $max } digits. You need it every time you use the card.
desk-choose-code = New code
desk-choose-again = The same code once more
desk-choose-submit = Use the code
desk-advice-length = { $min } to { $max } digits
desk-advice-repeated = not the same digit throughout, and not 123456
desk-advice-same = the same both times
desk-advice-birth-date = not your birth date, and not your telephone number
desk-advice-secret = only you may know it
desk-enter-heading = Enter your code
desk-enter-code = Code
desk-enter-submit = Continue
desk-enter-wrong = { $tries ->
    [one] Wrong code. One try left, then the card locks.
   *[other] Wrong code. { $tries } tries left.
}
desk-tries = { $tries ->
    [one] 1 try left
   *[other] { $tries } tries left
}
desk-no-time = Take the time you need. Nothing closes while you type.
desk-working-heading = The card is working
desk-working-lead = Leave the card in.
desk-working-reload = Show how far it has come
desk-finished-activate = The card works
desk-finished-about-activate = The receipt is signed. Take the card with you.
desk-finished-sign-in = The card has answered
desk-finished-about-sign-in = Go back to the portal. You are logged in there.
desk-back = Back to the portal
desk-cancel = Cancel

act-activate = Activate the card
act-sign-in = Log in
act-asks-activate = { $who } wants to activate your card
act-asks-sign-in = { $who } wants you to log in
code-for-sign-in = The card answers for you when you have entered your code.
code-for-sign-receipt = Enter the code you just chose. With it you sign that you have received the card.
code-problem-length = The code must have 6 to 8 digits.
code-problem-digits = The code may have digits only.
code-problem-differ = The two codes were not the same. Enter the same code twice.
code-problem-repeated = Do not choose the same digit, or the same digits, over and over.
code-problem-sequence = Do not choose digits in a row, such as 123456.
code-problem-birth-date = Do not choose a date. Birthdays are the first thing anybody guesses.

desk-activation-step-card = The card is read
desk-activation-step-key = The card has got keys of its own to what it holds
desk-activation-step-code = You have chosen your code
desk-activation-step-keys = The keys are made on the card
desk-activation-step-certificates = The certificates are written and read back
desk-activation-step-receipt = You have signed the receipt
desk-activation-step-finished = The card works

desk-document = What you sign
act-card = The card in the reader
act-asks-card = { $who } wants to talk to your card
desk-eject-other = Take the card out and use another
code-problem-old = Choose another code than the one you have.
act-unlock = Unlock the card
act-asks-unlock = { $who } wants to let you choose a new code
desk-ask-unlock = You choose a new code for the card. All else on the card stays.
desk-finished-unlock = The card is unlocked
desk-finished-about-unlock = The new code counts from now on. Take the card with you.
desk-taken-up = An earlier try with the card was not finished. This one takes up where it ended.
