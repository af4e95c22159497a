# Did the page help? What readers answer, and the web editors.

page-feedback-question = Did the information on this page help you?
page-feedback-title = Thank you for your answer
page-feedback-lead = Your answer is anonymous: neither your name nor your card is kept with it.
page-feedback-why-yes = What was good? What could be better? (optional)
page-feedback-why-no = What was missing? (optional)
page-feedback-public = What you write may become a public document. Leave out personal details, yours and anybody else's. If you need an answer, turn to support: nobody can answer you here.
page-feedback-send = Send
page-feedback-hide = Send with the number blotted out
page-feedback-back = Back to the page
page-feedback-given-title = Thank you, the editors have it
page-feedback-given-lead = Your remark is read by those who write the pages.

portal-editors = Feedback
page-editors-title = What readers say
page-editors-lead = The answers to whether the page helped. They are anonymous and cannot be replied to.
page-editors-waiting = Waiting for you
page-editors-none-waiting = No remark is waiting.
page-editors-outcome = What came of it?
page-editors-done = Done
page-editors-handled = The remark is dealt with.
page-editors-pages = Page by page
page-editors-since = Counted since { $day }, the pages that helped least first.
page-editors-no-answers = Nobody has answered yet.
page-editors-trend = Week by week
page-editors-file = Fetch everything as CSV
page-editors-helped-yes = the page helped
page-editors-helped-no = the page did not help
page-editors-language-sv = Swedish
page-editors-language-en = English
page-editors-column-when = When
page-editors-column-page = Page
page-editors-column-language = Language
page-editors-column-helped = Helped
page-editors-column-remark = Remark
page-editors-column-outcome = Outcome

page-help-heading-editors = You who are a web editor
page-help-about-editors = Below every page its readers can say whether it helped. The answers are anonymous.
page-help-editors-1 = Read the remarks that wait, the oldest first.
page-help-editors-2 = Mend the page, or ask whoever can.
page-help-editors-3 = Write what came of the remark and press Done.
page-help-editors-4 = See week by week whether the page helps more people.
