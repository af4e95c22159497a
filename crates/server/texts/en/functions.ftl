# Functions.

page-functions-title = Functions
page-functions-lead = Servers and programs that get certificates of their own. A function is approved once, by somebody else than who asked for it.
page-functions-waiting = Waiting for a decision
page-functions-none-waiting = No function is waiting.
page-functions-approved = Approved
page-functions-none-approved = No function is approved yet.
page-functions-approve = Approve
page-functions-reject = Reject
page-functions-was-approved = The function is approved and gets certificates.
page-functions-was-rejected = The function is rejected.
page-functions-test = The tree for trying
page-functions-profile = Profile
page-functions-hosts = Host names
page-functions-hsa-id = HSA-id
page-functions-email = Contact
page-functions-key = The key
page-functions-key-requester = With whoever asks
page-functions-key-system = In this system, renewed by itself
page-functions-since = Since
