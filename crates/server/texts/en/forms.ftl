# What a form asks to have put right.

problem-confirm = Confirm by ticking the box.
problem-document = Choose which document is shown.
problem-date = Write the date as year-month-day, for example 2029-04-30.
problem-reason = Choose why the card is revoked.
problem-how = Choose what has happened to the card.
problem-cards = Mark at least one card.
problem-report = Choose what the producer has reported.
