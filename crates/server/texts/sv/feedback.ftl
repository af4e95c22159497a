# Fick du hjälp av sidan? Läsarnas svar och webbredaktörernas.

page-feedback-question = Fick du hjälp av informationen på sidan?
page-feedback-title = Tack för ditt svar
page-feedback-lead = Svaret är anonymt: varken ditt namn eller vilket kort du har sparas med det.
page-feedback-why-yes = Vad var bra? Vad kan bli bättre? (frivilligt)
page-feedback-why-no = Vad saknade du? (frivilligt)
page-feedback-public = Det du skriver kan bli en allmän handling. Skriv inga personuppgifter, varken dina eller någon annans. Behöver du svar, vänd dig till supporten: hit kan ingen svara dig.
page-feedback-send = Skicka
page-feedback-hide = Skicka med numret utsuddat
page-feedback-back = Tillbaka till sidan
page-feedback-given-title = Tack, redaktörerna har fått det
page-feedback-given-lead = Synpunkten läses av dem som skriver sidorna.

portal-editors = Synpunkter
page-editors-title = Vad läsarna säger
page-editors-lead = Svaren på frågan om sidan hjälpte. De är anonyma och kan inte besvaras.
page-editors-waiting = Väntar på dig
page-editors-none-waiting = Ingen synpunkt väntar.
page-editors-outcome = Vad blev det av den?
page-editors-done = Klart
page-editors-handled = Synpunkten är hanterad.
page-editors-pages = Sida för sida
page-editors-since = Räknat sedan { $day }, de sidor som hjälpte minst först.
page-editors-no-answers = Ingen har svarat än.
page-editors-trend = Vecka för vecka
page-editors-file = Hämta allt som CSV
page-editors-helped-yes = sidan hjälpte
page-editors-helped-no = sidan hjälpte inte
page-editors-language-sv = svenska
page-editors-language-en = engelska
page-editors-column-when = När
page-editors-column-page = Sida
page-editors-column-language = Språk
page-editors-column-helped = Hjälpte
page-editors-column-remark = Synpunkt
page-editors-column-outcome = Vad det blev

page-help-heading-editors = Du som är webbredaktör
page-help-about-editors = Under varje sida kan läsaren svara på om den hjälpte. Svaren är anonyma.
page-help-editors-1 = Läs synpunkterna som väntar, den äldsta först.
page-help-editors-2 = Rätta sidan, eller be den som kan göra det.
page-help-editors-3 = Skriv vad det blev av synpunkten och tryck på Klart.
page-help-editors-4 = Se efter vecka för vecka om sidan hjälper fler.
