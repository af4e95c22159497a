# The command line's report on a staff import.
import-problem = Rad { $line }, { $column }: { $text }
import-unknown-column = Kolumnen { $column } är inte vår och lästes inte.
import-dry-run = Provkörning: så här skulle det bli. Inget är ändrat.
import-rows = { $count ->
    [one] godtagen rad
   *[other] godtagna rader
}
import-people-added = { $count ->
    [one] ny person
   *[other] nya personer
}
import-people-changed = { $count ->
    [one] person med ändrade uppgifter
   *[other] personer med ändrade uppgifter
}
import-engagements-added = { $count ->
    [one] nytt uppdrag
   *[other] nya uppdrag
}
import-engagements-changed = { $count ->
    [one] ändrat uppdrag
   *[other] ändrade uppdrag
}
import-engagements-ended = { $count ->
    [one] avslutat uppdrag
   *[other] avslutade uppdrag
}
import-unchanged = { $count ->
    [one] rad som inte ändrade något
   *[other] rader som inte ändrade något
}
import-bad-rows = { $count ->
    [one] rad som inte togs in, namngiven ovan
   *[other] rader som inte togs in, namngivna ovan
}
