public import BridgeCore

/// What is hidden in the events of some families.
public struct RedactionRule: Hashable, Sendable {
    /// Whose events.
    public var family: FamilyPattern
    /// What is taken out: a member with its name, and of an array the element, `null` in its place. The step `*` of a pointer stands for
    /// every member or element.
    public var drop: [JSONPointer]
    /// What gives way to its keyed hash.
    public var hash: [JSONPointer]
    /// Whether the ids of the resources that the events are about give way to their keyed hashes: in the event, and wherever a subscription is
    /// named.
    public var hashesResourceID: Bool

    /// A rule. Pointers to the whole event are refused where they are read.
    public init(
        family: FamilyPattern,
        drop: [JSONPointer] = [],
        hash: [JSONPointer] = [],
        hashesResourceID: Bool = false
    ) {
        self.family = family
        self.drop = drop
        self.hash = hash
        self.hashesResourceID = hashesResourceID
    }
}
