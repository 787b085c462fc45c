/// The unchanging bytes of the events of one resource and event type, cut where the changing ones stand.
struct EventTemplate {
    /// What stands before the event's identifier.
    static let opening = Array(#"{"eventId":""#.utf8)
    /// What stands between the two sequence numbers.
    static let betweenSequences = Array(#","keySequence":"#.utf8)
    /// What stands between the second sequence number and the padding.
    static let beforePadding = Array(#","notes":""#.utf8)
    static let closing = Array(#""}}"#.utf8)
    private static let timestampByteCount = 24

    private(set) var beforeTimestamp: [UInt8]
    let afterTimestamp: [UInt8]

    /// - Parameter alteration: ``EventAlteration/withoutIdentifier`` leaves the template as it is: the identifier stands before it.
    init(resource: SimulatedResource, eventType: String, alteration: EventAlteration? = nil) {
        let name = alteration == .unsubscribed ? EventAlteration.unsubscribedName : resource.event
        var head = "\""
        if alteration != .withoutName { head += ",\"event\":\(JSONText.string(name))" }
        if alteration != .withoutResource { head += ",\"resourceId\":\(JSONText.string(resource.resourceId))" }
        head += ",\"eventType\":\(JSONText.string(eventType)),\"timestamp\":\""
        // Escapes of every kind, characters of two, three and four bytes, numbers in every notation, nesting.
        let body =
            #"","eventBody":{"id":\#(JSONText.string(resource.resourceId)),"name":"Zürich \"Süd\" – 日本 😀","#
            + #""path":"a\/b\\c\t\u00e9\ud83d\ude00","waitSeconds":-1.25e-3,"flags":[true,false,null,{}],"sequence":"#
        self.beforeTimestamp = Array(head.utf8)
        self.afterTimestamp = Array(body.utf8)
    }

    /// Takes away what ends an identifier, for an event that has none.
    mutating func removeIdentifierEnd() {
        self.beforeTimestamp.removeFirst("\",".utf8.count)
    }

    /// Bytes of an event apart from its sequence numbers and its padding.
    var fixedByteCount: Int {
        Self.opening.count + UniqueIdentifier.byteCount + self.beforeTimestamp.count + Self.timestampByteCount
            + self.afterTimestamp.count + Self.betweenSequences.count + Self.beforePadding.count + Self.closing.count
    }
}
