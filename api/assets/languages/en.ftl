# How many people reacted, and the invitation where nobody has.
reactions = { $count ->
    [0] Add your reaction
    [one] { $count } reaction
   *[other] { $count } reactions
}
