# What a form asks to have put right.

problem-confirm = Bekräfta genom att kryssa i rutan.
problem-document = Välj vilken handling som visas.
problem-date = Skriv datumet som år-månad-dag, till exempel 2029-04-30.
problem-reason = Välj varför kortet spärras.
problem-how = Välj vad som har hänt med kortet.
problem-cards = Markera minst ett kort.
problem-report = Välj vad tillverkaren har rapporterat.
