/// How often a fault was asked for, and how often it took effect.
struct FaultTally: Codable, Hashable {
    /// The fault.
    var name: String
    /// Times that it was asked for.
    var planned: Int
    /// Times that it took effect: more often than asked for, where one order hits several streams or messages.
    var fired: Int
}
