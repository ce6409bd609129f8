# Ile osób zareagowało; zachęta, gdy nie zrobił tego jeszcze nikt.
reactions = { $count ->
    [0] Dodaj reakcję
    [one] { $count } reakcja
    [few] { $count } reakcje
   *[many] { $count } reakcji
}
