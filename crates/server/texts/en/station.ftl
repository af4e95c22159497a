# The identity officer's pages.

page-station-queue-title = The queue
page-station-queue-heading = The card station
page-station-queue-find = Find a card
page-station-queue-hint = Name, card number or HSA-id. The search is logged.
page-station-queue-found = { $count ->
    [0] Nothing found
    [one] One card
   *[other] { $count } cards
}
page-station-queue-nothing = No card was found. Search for something else, or ask an orderer to order a card.
page-station-lane-photo = Waiting for a photo
page-station-lane-photo-check = Photo to look at
page-station-lane-production = Ready for production
page-station-lane-delivery = On the way
page-station-lane-activation = To activate
page-station-lane-attention = Needs you
page-station-lane-about-photo = Take the photo when the person comes.
page-station-lane-about-photo-check = Look at the photo and approve it, or take another.
page-station-lane-about-production = To be sent to the card producer.
page-station-lane-about-delivery = With the producer or in the post.
page-station-lane-about-activation = Check the identity document, then the holder chooses a code.
page-station-lane-about-attention = Something stopped on the way.
page-station-lane-empty = Nothing is waiting.
page-station-lane-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
page-station-back-to-queue = To the queue
page-station-back-to-card = To the card
page-station-card-title = Card for { $name }
page-station-card-about = About the card
page-station-act-photograph = Take the photo
page-station-act-produce = Send to production
page-station-act-check-identity = Check the identity
page-station-act-activate = Activate the card
page-station-act-revoke = Revoke the card
page-station-act-return = Take back and deregister
page-station-act-end-engagement = End the engagement

page-station-photograph-title = Photograph
page-station-photograph-take = Take the photo
page-station-photograph-again = Take a new photo
page-station-photograph-start = Start the camera
page-station-photograph-shoot = Take the photo
page-station-photograph-retake = Take it again
page-station-photograph-view = Camera picture
page-station-photograph-blocked = The camera could not be started. Allow the browser to use it, or choose a picture file below.
page-station-photograph-ready = The camera is on. Place the face in the oval.
page-station-photograph-taken = The photo is taken. Send it in, or take it again.
page-station-photograph-file = Picture file
page-station-photograph-invented = No camera here? Save the portrait of an invented person and choose that file.
page-station-photograph-file-hint = JPEG, PNG or WebP, at most 12 MB. The picture is cropped around the face by itself.
page-station-photograph-submit = Check the picture
page-station-photograph-guides = A good picture
page-station-photograph-guide-1 = The face straight on, looking into the camera.
page-station-photograph-guide-2 = The whole head and a bit of the shoulders can be seen.
page-station-photograph-guide-3 = Even light, no shadows on the face.
page-station-photograph-guide-4 = A light, plain background.
page-station-photograph-guide-5 = The eyes can be seen. A headscarf or the like is fine when the face is free.
page-station-photograph-alt = Picture of { $name }
page-station-photograph-passed = The picture is good enough
page-station-photograph-failed = The picture is not good enough yet
page-station-photograph-look = See that the picture shows the person in front of you.
page-station-photograph-approve = Approve the picture
page-station-photograph-from-kiosk = The picture was taken in a photo kiosk. No officer has seen it yet.
page-station-photograph-look-kiosk = See that the picture is a real portrait and is like the person's earlier photos, if you have any. Whoever hands over the card compares it with the person.
page-station-photograph-overrule = Use the picture all the same
page-station-photograph-overrule-about = If you see for yourself that the picture will do, or no better one can be taken, you may overrule the check. The reason is kept in the log together with your name.
page-station-photograph-reason = Why the picture will do
page-station-photograph-reason-hint = Be brief, without names and identity numbers. For example: The person always looks like this, compared on the spot.
page-station-photograph-unclear = Write why the picture will do, with at least eight letters and without an identity number.
page-station-photograph-overrule-do = Approve in spite of the remark
page-station-photograph-cannot = This picture cannot be used. Take a new one.
page-station-photographed = The picture is approved. The card is ready for production.

page-station-production-title = Production
page-station-production-lead = Choose the cards to be produced. They are sent to the card producer as one batch.
page-station-production-ready = { $count ->
    [0] No card is ready for production
    [one] One card is ready for production
   *[other] { $count } cards are ready for production
}
page-station-production-none = When a photo is approved, the card shows up here.
page-station-production-choose = Cards in the batch
page-station-production-address = The registered home addresses are fetched now, at the very moment the batch is sent.
page-station-production-submit = Send to production
page-station-production-batches = Batches
page-station-production-no-batches = No batch has been sent yet.
page-station-produced = The batch is sent to the producer.
page-batch-name = Batch { $at }
page-batch-by = Sent by { $by }
page-batch-back = Production
page-batch-produced = { $done } of { $total } produced
page-batch-sent = { $done } of { $total } sent
page-batch-failed = { $count ->
    [one] one failed
   *[other] { $count } failed
}
page-batch-cards = Cards in the batch
page-batch-open = Show the card
page-batch-report = Report from the producer
page-batch-report-hint = Counts for the cards you have ticked.
page-batch-report-produced = Produced
page-batch-report-sent = Sent to the registered home address
page-batch-report-failed = Failed in production
page-batch-report-undelivered = Came back, could not be delivered
page-batch-report-submit = Save the report
page-batch-reported = The report is saved.

page-station-check-title = Check the identity
page-station-check-lead = Take the time it takes. Hold the document in your hand, out of its holder.
page-station-check-document = Which document is shown?
page-station-check-document-hint = Only these five are accepted, and only valid ones.
page-station-check-number = Number of the document
page-station-check-number-hint = Digits and letters, as they stand on the document.
page-station-check-expires = Valid through
page-station-check-expires-hint = As it stands on the document, year-month-day.
page-station-check-steps = The check, step by step
page-station-check-steps-hint = Answer every question. A single no means that the card is not handed over today.
page-station-check-doubt = Not sure?
page-station-check-doubt-about = Do not hand over the card. If you suspect a false document: answer no to the last question and contact the responsible issuer or the security officer.
page-station-check-submit = Approve the check
page-station-check-compare = Compare with what we know

page-station-activate-title = Activate the card
page-station-activate-lead = The identity is checked. Put the card in the holder’s reader and hand over.
page-station-activate-open = Open the card
page-station-activate-open-again = Start again with the card
page-station-activate-open-client = The card program opens on the holder’s side.
page-station-activate-not-yet = The card is not done yet. The steps show how far it has come.
page-station-activate-tell = Tell the holder
page-station-activate-tell-1 = Choose a code of 6–8 digits. Not your birth date, not the same digit over and over.
page-station-activate-tell-2 = Do not show it to me, or to anybody else.
page-station-activate-tell-3 = Leave the card in until all is done. Last of all you sign that you have received it.
page-station-activate-progress = How far the card has come
page-station-activate-continue = Show how far it has come
page-station-activated-title = The card works
page-station-activated-heading = { $name } has a card that works
page-station-activated-signed = The receipt is signed with the new card
page-station-activated-at = { $at }
page-station-activated-lead = Give back the identity document and ask the holder to take the card out of the reader.
page-station-activated-certificates = What is on the card now
page-station-activated-next = Next in the queue

page-revoke-final = A revocation cannot be undone
page-revoke-final-about = All certificates on the card stop at once, everywhere. If a card is needed, it has to be ordered again.
page-revoke-reason = Why is the card revoked?
page-revoke-submit = Revoke the card now
page-station-revoke-title = Revoke the card
page-station-revoke-confirm = I know who asks for this and that it is the right card
page-station-revoked = The card is revoked.

page-station-return-title = Take back and deregister
page-station-return-lead = The card’s life ends here. After this it remains in the log only.
page-station-return-still-works = The card still works. It is revoked at the same moment.
page-station-return-how = What has happened to the card?
page-station-return-cut = It is handed in and cut in two
page-station-return-cut-about = Cut through the chip, with the holder as witness.
page-station-return-missing = It is missing
page-station-return-missing-about = The holder has declared in writing that the card is gone.
page-station-return-confirm = I certify that this is so
page-station-return-submit = Deregister the card
page-station-returned = The card is deregistered.

page-station-end-title = End the engagement
page-station-end-cards = { $count ->
    [one] This card stops working on that day
   *[other] These { $count } cards stop working on that day
}
page-station-end-no-cards = No card is affected. The person has another engagement that carries the card, or no card.
page-station-end-return = Ask the holder to hand in the card, cut in two.
page-station-end-date = Last day
page-station-end-date-hint = Year-month-day. The card works throughout that day.
page-station-end-confirm = The manager has told me that the engagement ends
page-station-end-submit = End the engagement
page-station-ended = The engagement is ended.
page-station-act-unlock = Unlock with a new code
page-station-unlock-title = Unlock the card
page-station-unlock-lead = The identity is checked. Put the card in the holder’s reader and hand over: the holder chooses a new code.
page-station-unlock-open = Open the card
page-station-unlock-open-again = Start again with the card
page-station-unlock-open-client = The card program opens on the holder’s side.
page-station-unlock-not-yet = The code is not changed yet. The steps show how far the card has come.
page-station-unlock-tell = Tell the holder
page-station-unlock-tell-1 = Choose a code of 6–8 digits. Not a date, not the same digits over and over.
page-station-unlock-tell-2 = Do not show it to me, or to anybody else.
page-station-unlock-tell-3 = Leave the card in until all is done. What is on the card stays.
page-station-unlock-progress = How far the card has come
page-station-unlock-continue = Show how far it has come
