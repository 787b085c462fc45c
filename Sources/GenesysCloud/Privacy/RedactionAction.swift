/// What becomes of a value. Where several rules mean one value, the strongest counts: the last of these.
enum RedactionAction: Int, Comparable, Sendable {
    /// It is a topic's name: the ids in it give way to their hashes.
    case hashTopicIDs
    case hash
    case drop

    static func < (left: RedactionAction, right: RedactionAction) -> Bool { left.rawValue < right.rawValue }
}
