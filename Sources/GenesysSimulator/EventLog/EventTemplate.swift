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

    let beforeTimestamp: [UInt8]
    let afterTimestamp: [UInt8]

    init(resource: SimulatedResource, eventType: String) {
        let head =
            "\",\"event\":\(JSONText.string(resource.event)),\"resourceId\":\(JSONText.string(resource.resourceId))"
            + ",\"eventType\":\(JSONText.string(eventType)),\"timestamp\":\""
        // Escapes of every kind, characters of two, three and four bytes, numbers in every notation, nesting.
        let body =
            #"","eventBody":{"id":\#(JSONText.string(resource.resourceId)),"name":"Zürich \"Süd\" – 日本 😀","#
            + #""path":"a\/b\\c\t\u00e9\ud83d\ude00","waitSeconds":-1.25e-3,"flags":[true,false,null,{}],"sequence":"#
        self.beforeTimestamp = Array(head.utf8)
        self.afterTimestamp = Array(body.utf8)
    }

    /// Bytes of an event apart from its sequence numbers and its padding.
    var fixedByteCount: Int {
        Self.opening.count + UniqueIdentifier.byteCount + self.beforeTimestamp.count + Self.timestampByteCount
            + self.afterTimestamp.count + Self.betweenSequences.count + Self.beforePadding.count + Self.closing.count
    }
}
