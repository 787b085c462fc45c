/// What happened in a world, for people and for tests of the world itself.
final class Counts {
    var events = 0
    var messages = 0
    var connects = 0
    var acknowledged = 0
    var repeatsDropped = 0
    var duplicatesInKafka = 0
    var commits = 0
    var transactions = 0
    var aborts = 0
    var recoveries = 0
    var splitMessages = 0
    var takeovers = 0
    var gaps = 0
    var deadLetters = 0
    var rollovers = 0
    var processes = 0
    var heldBack = 0
    var settles = 0
    var throttledWhileBlocked = 0
    /// Attempts that the server saw while it blocked the client, begun after the client was told.
    var holdOffViolations = 0
    /// Nanoseconds in which a started stream had no socket that was read.
    var withoutSocket: Nanoseconds = 0
}
