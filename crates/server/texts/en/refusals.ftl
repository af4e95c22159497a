# Every expected no: what happened, why, and what to do now. Keys are `refusal-` and the code with dots as hyphens.

# Who may do what.
refusal-policy-not-signed-in = You are not logged in. Log in with your card and try again.
refusal-policy-not-for-actor = This is not done from here: the system itself, the card producer or whoever runs the service sees to it. Contact support if you are waiting for it to happen.
refusal-policy-role-missing = You do not have the role this takes. If you need it in your work, ask the responsible issuer to give it to you.
refusal-policy-role-missing-in-order = Cards are ordered here, and that takes the role of orderer, which you do not have. If you need it in your work, ask the responsible issuer to give it to you. If you want a card of your own, ask your manager to order it.
refusal-policy-role-missing-in-station = The card station takes the role of identity officer, which you do not have. If you need it in your work, ask the responsible issuer to give it to you. You look after your own card in My pages.
refusal-policy-role-missing-in-functions = Functions are decided on here, and that takes the role of responsible issuer or security officer, which you do not have. If you need it in your work, ask the responsible issuer to give it to you.
refusal-policy-level-too-low = You are logged in at too low a level of assurance. This takes level 3: log in with your ordinary card instead of the reserve card.
refusal-policy-own-card = Nobody works as an officer on their own card. Ask a colleague to do it.
refusal-policy-own-role = Nobody gives themselves a role. Ask another responsible issuer to do it.
refusal-policy-ordered-it = You ordered this card, and whoever ordered a card may not check the identity or activate it. Ask a colleague to do it.
refusal-policy-second-officer-needed = Reserve cards at level 3 take two officers: one checks the identity, another activates. Ask a colleague to do one of the two.
refusal-policy-protected-identity = The person has a protected identity. Only those specially authorised may handle the card. Ask a colleague with that authority to take over.
refusal-policy-not-own = This belongs to somebody else. In My pages you see only what is your own.
refusal-policy-requested-it = Whoever asked for a function does not decide on it. Ask a colleague to do it.
refusal-policy-scope-missing = The program has not been granted this. Ask an operator to grant a program with the right scope, with sigill api grant.
refusal-policy-not-in-hand = The function belongs to another. A program reaches only the functions it has asked for itself or been given.

# Looking for something.
refusal-find-person-unknown = The person is not here. The link is old or mistyped: search for the person again.
refusal-find-card-unknown = The card is not here. The link is old or mistyped: search for the card again.
refusal-find-order-unknown = The order is not here. The link is old or mistyped: find it under Orders.
refusal-find-batch-unknown = The batch is not here. The link is old or mistyped: find it under Production.
refusal-find-engagement-unknown = The engagement is not here. The link is old or mistyped: go back to the card and choose again.
refusal-find-receipt-unknown = The receipt is not here. The link is old or mistyped: open it from the card's page.
refusal-find-photo-unknown = The card has no photo yet.
refusal-find-search-too-short = What you searched for is too short. Write at least two characters.
refusal-find-number-in-search = Do not search for personal identity numbers: what you search for ends up in the web address and in the browser's history. Search for a name or an HSA-id instead.

# Forms.
refusal-form-unreadable = The form could not be read. Go back, reload the page and fill it in again.
refusal-form-foreign = The form did not come from a page that belongs to your login. It happens when a page has stood open since an earlier login. Go back, reload the page and try again.
refusal-form-too-large = What you sent is too large. Shorten it and try again.

# Ordering.
refusal-order-person-unknown = The person is not in the register. Search again, or ask whoever keeps the register.
refusal-order-no-engagement = The person has neither a current nor a coming employment here, and no card is ordered without one. Ask the HR department to enter it. It arrives here with the next staff file.
refusal-order-no-product = No card is meant for this kind of employment. Check with the HR department that it is registered correctly. If it is, ask the responsible issuer.
refusal-order-no-product-fits = No card is meant for this kind of employment. Check with the HR department that it is registered correctly. If it is, ask the responsible issuer.
refusal-order-engagement-ended = The employment has ended, and no card is ordered then. If it has been prolonged, ask the HR department to correct the end date.
refusal-order-handed-out-at-station = The card that the rules pick is not ordered here: it is handed out at a card station. Ask the person to go there with a valid identity document.
refusal-order-card-exists = The person already has a card, or one on its way, and everybody has one ordinary card only. If the old one is gone or broken, revoke it first. Then order the new one.
refusal-order-order-unknown = There is no such order. Find it under Orders.
refusal-order-too-late = The order can no longer be taken back: the card already carries certificates. If it is not to be used, ask a card station to revoke it.
refusal-order-no-address = We have no registered home address for the person, and that is where the card is sent. Ask the HR department to update the staff file. If the person is not registered in Sweden, ask for a reserve card at a card station.

# Photographs.
refusal-photograph-card-unknown = There is no such card. Search for it again.
refusal-photograph-not-waiting = The card is not waiting for a photo. Perhaps it has been taken already. Reload the card's page.
refusal-photograph-not-a-picture = The file is no JPEG, PNG or WebP image. Save the image as JPEG and choose it again (an iPhone does so when its camera is set to Most Compatible), or take it with the camera on this page.
refusal-photograph-unreadable = The image is damaged or unreasonably large and cannot be read. Save it again as JPEG, or take it with the camera on this page.
refusal-photograph-too-large = The image file is too large. At most 12 MB is accepted: make the image smaller and try again.
refusal-photograph-too-small = The image has too few pixels for print. At least 319 × 425 are needed: move closer or set a higher resolution.
refusal-approve-photo-card-unknown = There is no such card. Search for it again.
refusal-approve-photo-not-waiting = The card is not waiting for a photo. Perhaps it has been approved already. Reload the card's page.
refusal-approve-photo-not-this = A newer picture was taken since the page was loaded. Look at it and approve it instead.
refusal-approve-photo-faults = There are remarks on the picture. Take a new one, or write why it will do.
refusal-approve-photo-cannot-be-overruled = The picture cannot be printed. Take a new one.
refusal-approve-photo-reason-unclear = The reason is too short, too long or holds an identity number. Write with at least eight letters why the picture will do.
refusal-produce-photo-not-approved = The photo of one of the cards is not approved. Open the card and take or approve a photo. No card was sent.

# Production and delivery.
refusal-produce-nothing-chosen = No card is chosen. Mark at least one card and try again.
refusal-produce-card-unknown = One of the cards is no longer there. Reload the page and choose again. No card was sent.
refusal-produce-not-ready = One of the cards is no longer ready for production. Perhaps a colleague has sent it already. Reload the page and choose again. No card was sent.
refusal-produce-no-address = One of the people has no registered home address just now, and that is where the card is sent. Ask the HR department to update the staff file, or leave that card out of the batch. No card was sent.
refusal-produce-engagement-ended = One of the employments has ended since the card was ordered. Leave that card out of the batch. No card was sent.
refusal-produce-batch-unknown = There is no such batch. Find it under Production.
refusal-deliver-card-unknown = No card has that number. Check it against the producer's list.
refusal-deliver-out-of-order = The report does not fit where the card is. A card is made, sent, and may then come back, in that order. Look at the card's page and report again.

# The identity check.
refusal-check-identity-card-unknown = There is no such card. Search for it again.
refusal-check-identity-not-waiting = The card is not waiting to be activated. See on the card's page how far it has come.
refusal-check-identity-bad-number = The document's number has 4–20 digits and letters. Copy it as it stands on the document.
refusal-check-identity-expired = The document has expired, and only valid ones are accepted. Ask the person to come back with a valid identity document.
refusal-check-identity-implausible-expiry = None of the five documents is valid for that long. Check that the date is copied correctly.
refusal-check-identity-digital-form = Digital identity documents are not accepted, only the document itself. Ask the person to show it, or to come back with it.
refusal-check-identity-pink-passport = Pink provisional passports are not accepted. Ask the person to come back with one of the five documents.
refusal-check-identity-in-cover = The document must be taken out of any cover or wallet. Ask the person to take it out, and check again.
refusal-check-identity-damaged = A damaged or dirty document is not accepted, since changes cannot be seen. Ask the person to come back with a whole one.
refusal-check-identity-photo-differs = The photo does not show the person, so the card is not handed out. If you are unsure, ask a colleague to look as well.
refusal-check-identity-details-differ = The details on the document do not fit the person or our own, so the card is not handed out. If the person has changed name, ask the orderer to update the details and order a new card.
refusal-check-identity-suspected-false = You suspect that the document is false. The card is not handed out. Stay calm, say that the check could not be completed, and contact the responsible issuer or the security officer.
refusal-check-identity-missing-check-point = This question has no answer. Answer it to go on.

# Activation.
refusal-activate-card-unknown = There is no such card. Search for it again.
refusal-activate-not-waiting = The card is not waiting to be activated. See on the card's page how far it has come.
refusal-activate-identity-not-checked = The identity check is missing or older than an hour. Whoever activates makes it, with the holder present. Make it now.
refusal-activate-engagement-ended = The employment the card was ordered for has ended, so the card is not activated. If it has been prolonged, ask the HR department to correct the end date.
refusal-activate-ticket-invalid = The activation was interrupted or took too long. The card is unharmed: start again with it, and it goes on where it was.
refusal-activate-other-card = Another card is in the reader. Compare the number on the card with the one on this page, insert the right card and start again.
refusal-activate-card-foreign = The card does not answer with the keys it got from the producer, so it is not activated. Put it aside, tell the security officer and order a new one.
refusal-activate-answer-unexpected = The card program answered something else than it was asked. Start again. If that does not help: restart the card program and make sure it is the latest version.
refusal-activate-key-unproven = The card's key could not prove that it is on the card. Start again. If it happens again, put the card aside and order a new one.
refusal-activate-certificate-differs = The certificate read back is not the one that was written. Start again. If it happens again the card is broken: put it aside and order a new one.
refusal-activate-receipt-invalid = The signature on the receipt does not hold. Start again and let the holder sign once more.
refusal-activate-cancelled = The activation was cancelled at the card. Start again when the holder is ready. What has been done is kept.
refusal-activate-card-removed = The card was taken out of the reader. Insert it again and start again, and it goes on where it was.
refusal-activate-code-blocked = The code is locked after too many wrong tries. The card must be unlocked before it can go on. Put it aside and ask support.
refusal-activate-card-fault = The card did something unexpected. Take it out, wipe the chip, insert it again and start again. If it happens again the card is broken: order a new one.

# Signing in.
refusal-rotate-family-unknown = There is no authority of that name. The names stand in sigill ca list, without a version: person-3-ca, not person-3-ca-v1.
refusal-rotate-root-away = The root's key is not here. Bring it out and give its folder with --root-keys.
refusal-sign-in-ticket-invalid = The login was interrupted or took too long. Open the card again here.
refusal-sign-in-no-certificate = The card has no certificate for login. If it is new it must be activated at a card station first. Door-only cards cannot be used to log in.
refusal-sign-in-certificate-foreign = The card's certificate was not issued here. Check that the right card is in the reader.
refusal-sign-in-certificate-expired = The card's certificate has expired. Ask your manager to order a new card.
refusal-sign-in-certificate-held = The card is paused and cannot be used to log in until it is released. If you have it, bring it and an identity document to a card station; if it is lost, have it revoked.
refusal-sign-in-certificate-revoked = The card is revoked and cannot be used to log in. Ask your manager to order a new one, or ask for a reserve card at a card station.
refusal-sign-in-card-not-active = The card is not active. If it is new, take it and an identity document to a card station. If the signature was never finished, go back there.
refusal-sign-in-signature-invalid = The card's answer does not hold. Try again. If it happens again, have the card tested at a card station.
refusal-sign-in-answer-unexpected = The card program answered something else than it was asked. Try again. If that does not help: restart the card program and make sure it is the latest version.
refusal-sign-in-cancelled = The login was cancelled at the card. Try again when you are ready.
refusal-sign-in-code-blocked = The code is locked after too many wrong tries. Go to a card station and have the card unlocked.
refusal-sign-in-session-ended = You have been logged out. It happens after half an hour without activity, after a working day, or when the card has been revoked. Log in again.

# Revoking, returning, ending.
refusal-hold-card-unknown = There is no such card. Search for it again.
refusal-hold-already-held = The card is paused already. If it turns up, bring it to a card station; if it is lost, have it revoked.
refusal-hold-not-in-use = The card has nothing to pause: it is not activated, or it has come to its end.
refusal-release-card-unknown = There is no such card. Search for it again.
refusal-release-not-held = The card is not paused, so there is nothing to release. If it is revoked, order a new one.
refusal-revoke-card-unknown = There is no such card. Search for it again.
refusal-revoke-already-revoked = The card is revoked already. There is nothing more you need to do.
refusal-revoke-not-in-use = The card has nothing to revoke: it is not activated, or it has come to its end. If it is on its way, the order can be taken back.
refusal-return-card-card-unknown = There is no such card. Search for it again.
refusal-return-card-not-in-use = The card is not in use and is not deregistered. If it is on its way, ask the orderer to take the order back.
refusal-return-card-already-deregistered = The card is deregistered already. There is nothing more you need to do.
refusal-end-engagement-engagement-unknown = There is no such engagement. Go back to the card and choose again.
refusal-end-engagement-already-ended = The engagement has ended already. There is nothing more you need to do.
refusal-end-engagement-before-start = The last day cannot be before the first. Check the date.

# At the console.
refusal-grant-role-person-unknown = There is nobody with that identifier. Check the HSA-id, and import the staff file first.
refusal-grant-role-already-granted = The person has the role already. Nothing was changed.
refusal-grant-role-not-granted = The person does not have the role. Nothing was changed.
refusal-import-staff-file-unreadable = The file is no staff file that can be read. Export it again as CSV. Nothing was changed.
refusal-import-staff-complete-but-empty = The file has not one good row, and a complete file without rows would end every engagement. Check the file. Nothing was changed.
refusal-import-staff-complete-but-spoilt = The file has bad rows, and a complete import would end the engagements of the people in them. Correct the rows, or import without --complete. Nothing was changed.
refusal-found-person-unknown = There is nobody with that identifier. Import the staff file first.
refusal-found-not-officer = The person is no identity officer. Give the role first, with sigill role grant.
refusal-found-already-founded = The installation is founded already: two identity officers have active cards. Go on with them.

# Functions and programs.
refusal-request-function-name-unfit = The name does not fit in a certificate. Write 1–64 characters on one line.
refusal-request-function-name-taken = Another function in use has that name. Choose another name, or close the other one first.
refusal-request-function-profile-unknown = No authority issues certificates to functions under that profile. The usual ones are server, client, token-signer and domain-controller.
refusal-request-function-host-name-unfit = One of the host names is not a full name, such as journal.example.se. Wildcards and addresses are not accepted.
refusal-request-function-host-name-missing = The profile needs at least one host name. Add it and try again.
refusal-request-function-host-name-barred = The profile takes no host names. Leave them out, or choose another profile.
refusal-request-function-host-names-too-many = A certificate holds at most 100 host names. Split the function into several.
refusal-request-function-hsa-id-unfit = The HSA-id is not written correctly. It looks like SE2321000016-4F0X.
refusal-request-function-email-unfit = The contact is not an e-mail address. Write it as drift@example.se.
refusal-request-function-client-unknown = There is no program of that name. The names stand in sigill api list.
refusal-request-function-key-reused = The key in Idempotency-Key was used for something else. Choose a new one for each new request.
refusal-decide-function-function-unknown = The function is not here. The link is old or mistyped: find it under Functions.
refusal-decide-function-already-decided = Somebody has decided on the function already. There is nothing more you need to do.
refusal-certify-function-function-unknown = There is no such function. Check the identifier.
refusal-certify-function-not-approved = The function is not approved, or no longer. It is approved under Functions by somebody else than who asked for it.
refusal-certify-function-request-unreadable = This is no certification request that can be read. Send a PKCS #10 as PEM or DER, at most 16 kB.
refusal-certify-function-key-unproven = The request does not prove that its sender holds the key, or the key is of a kind that is not accepted. Make a new request.
refusal-certify-function-key-kind-unfit = The profile does not take that kind of key. Make a new request, for example with a P-256 key.
refusal-certify-function-name-not-approved = The request names something that is not approved for the function. Leave it out of the request, or ask for a new function with it.
refusal-certify-function-days-unfit = The certificate cannot hold for that long. Choose at least one day and at most what the profile allows.
refusal-certify-function-key-held-by-system = The system itself holds the function's key and renews the certificate by itself. No request is needed.
refusal-certify-function-key-reused = The key in Idempotency-Key was used for something else. Choose a new one for each new request.
refusal-revoke-function-function-unknown = There is no such function. Check the identifier.
refusal-revoke-function-certificate-unknown = The function has no certificate with that serial number. Check it, in hexadecimal.
refusal-revoke-function-already-revoked = The certificate is revoked already. There is nothing more you need to do.
refusal-revoke-function-ended = The certificate has ended by itself. There is nothing more you need to do.
refusal-revoke-function-reason-unfit = That reason is not for functions. Choose another, for example key-compromise or superseded.
refusal-revoke-function-not-approved = The function is not approved, or closed already. There is nothing to close.
refusal-revoke-function-key-reused = The key in Idempotency-Key was used for something else. Choose a new one for each new request.
refusal-find-function-function-unknown = There is no such function. Check the identifier.
refusal-find-function-certificate-unknown = The function has no certificate with that serial number. Check it, in hexadecimal.
refusal-manage-clients-name-unfit = The name does not fit. Write 1–128 characters on one line.
refusal-manage-clients-name-taken = Another program has or had that name. Choose another, so that the log can be read.
refusal-manage-clients-scope-missing = Without a scope the program may do nothing. Give at least one: functions or directory.
refusal-manage-clients-client-unknown = There is no program of that name. The names stand in sigill api list.
refusal-manage-clients-already-revoked = The program is revoked already. Nothing was changed.

# The API.
refusal-api-body-unreadable = The body cannot be read. It is to be JSON as described in /api/openapi.json.
refusal-api-body-too-large = What was sent is too large. At most 64 kB is accepted.
refusal-api-media-type-unfit = The body is of a type that is not accepted here. The types stand in /api/openapi.json.
refusal-api-parameter-unfit = A parameter in the address cannot be read. The parameters stand in /api/openapi.json.
refusal-api-key-unfit = The key in Idempotency-Key has 1–255 visible ASCII characters. Choose another.
refusal-api-secret-unknown = The program's secret is missing, wrong or revoked. Send it as Authorization: Bearer, or ask an operator for a new one.
refusal-api-fault = Something of ours failed. Try again, and tell us the number of the request if it happens again.
refusal-directory-person-unknown = Nobody has that HSA-id. Check it, and that the person is in the staff file.
refusal-unlock-card-unknown = There is no such card. Search for it again.
refusal-unlock-not-in-use = The card is not in use, so there is no code to change. See on the card's page how far it has come.
refusal-unlock-identity-not-checked = The identity check is missing or older than an hour. Whoever unlocks makes it, with the holder present. Make it now.
refusal-unlock-ticket-invalid = The unlocking was interrupted or took too long. The card is unharmed: start again with it.
refusal-unlock-other-card = Another card is in the reader. Compare the number on the card with the one on this page, insert the right card and start again.
refusal-unlock-codes-refused = The card did not take its unlock code. Revoke the card, tell the security officer and order a new one.
refusal-unlock-answer-unexpected = The card program answered something else than it was asked. Start again. If that does not help: restart the card program and make sure it is the latest version.
refusal-unlock-cancelled = The unlocking was cancelled at the card. Start again when the holder is ready.
refusal-unlock-card-removed = The card was taken out of the reader. Insert it again and start again, and it is finished.
refusal-unlock-card-fault = The card did something unexpected, or its unlock code is blocked as well. Take it out, insert it again and start again. If it happens again, revoke the card and order a new one.

# What readers say of pages.
refusal-feedback-page-unknown = The answer belongs to no page here. Go back to the page and answer again.
refusal-feedback-too-many = More answers are coming than we can take just now. Try again in a while.
refusal-feedback-empty = The box is empty. Write something and send it again.
refusal-feedback-too-long = The text is longer than 2,000 characters. Shorten it and send it again.
refusal-feedback-holds-number = The text seems to hold a personal identity number, and what you write may become a public document. Take the number out, or send the text with the number blotted out.
refusal-feedback-closed = Nothing can be added to that answer any more. Go back to the page and answer again.
refusal-feedback-not-waiting = The remark is not waiting: somebody has dealt with it already. Load the page again.
refusal-policy-role-missing-in-editors = Here the web editors read what readers say, and that takes the role of web editor, which you do not have. If you need it in your work, ask the responsible issuer to give it to you.
refusal-kiosk-not-open = This computer is no open photo kiosk. An identity officer opens it: log in at the card station and choose Photo kiosks.
refusal-kiosk-place-unclear = Write where the kiosk stands, on one line.
refusal-kiosk-code-wrong = The code is not right. See that all eight digits are correct, or ask for a new code.
refusal-kiosk-locked = Too many codes were wrong. Wait a while and try again, or go to the card station.
refusal-kiosk-photo-gone = The picture is forgotten, because too much time went by. Enter the code again and take a new one.
