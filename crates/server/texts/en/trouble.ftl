# When something did not go as hoped.

page-refused-title = That was not possible
page-refused-help = Do you need help? Bring the code to a card station or to support.
page-incident-title = Something went wrong on our side
page-incident-lead = It is not your fault. The fault is logged, and whoever mends it finds it by the number.
page-incident-number = Incident number
page-incident-now-1 = Wait a while and try again. What you had finished is kept.
page-incident-now-2 = If that does not help: contact support and give the number.
page-not-found-title = There is no such page
page-not-found-lead = The link is old or misspelt, or the page belongs to something that has ended.
page-old-browser-title = Your browser is too old
page-old-browser-lead = It cannot show the service safely. Use a current version of one of these:
page-old-browser-lost = Have you lost your card? Call or go to a card station, and they revoke it for you.
