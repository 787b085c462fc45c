/// An event that makes its messages unreadable (S2.7).
struct Poison: Equatable {
    let sequence: Int
    /// Messages with it that are still to be unreadable, at least 1.
    var timesLeft: Int
    let damage: MessageDamage
}
