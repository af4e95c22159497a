# The command line's report on a staff import.
import-problem = Line { $line }, { $column }: { $text }
import-unknown-column = The column { $column } is not one of ours and was not read.
import-dry-run = Rehearsal: this is what would happen. Nothing has changed.
import-rows = { $count ->
    [one] good row
   *[other] good rows
}
import-people-added = { $count ->
    [one] new person
   *[other] new people
}
import-people-changed = { $count ->
    [one] person with changed particulars
   *[other] people with changed particulars
}
import-engagements-added = { $count ->
    [one] new engagement
   *[other] new engagements
}
import-engagements-changed = { $count ->
    [one] changed engagement
   *[other] changed engagements
}
import-engagements-ended = { $count ->
    [one] ended engagement
   *[other] ended engagements
}
import-unchanged = { $count ->
    [one] row that changed nothing
   *[other] rows that changed nothing
}
import-bad-rows = { $count ->
    [one] row not taken in, named above
   *[other] rows not taken in, named above
}
