import BridgeCore

extension Redaction {
    /// A message of the stream dialect with its events redacted; nil where nothing in it is to be. `scan` is what was found in it.
    ///
    /// An event without a name goes to the dead letters, and may be of any family: all rules hold for it.
    func redacting(_ message: Span<UInt8>, _ scan: MessageScan) throws(MessageDefect) -> [UInt8]? {
        var redactor: JSONRedactor?
        var copied = 0
        // Neighbours mostly are of one family: that of the last one without rules.
        var plain = ByteRange(offset: 0, length: 0)
        for event in scan.events {
            if let name = event.name, Self.isSame(name, plain, message) { continue }
            let roots = self.roots(of: event, message, scan)
            guard !roots.isEmpty else {
                plain = event.name ?? plain
                continue
            }
            var current = redactor ?? self.redactor(for: message)
            // Taken out of the optional, so that there is one owner and no copy.
            redactor = nil
            try current.copy(message.extracting(copied..<event.value.start))
            try current.redact(message.extracting(event.value.start..<event.value.end), roots: roots)
            copied = event.value.end
            redactor = current
        }
        guard var redactor, redactor.hasChanged else { return nil }
        try redactor.copy(message.extracting(copied..<message.count))
        return redactor.output
    }

    /// Whether the same bytes of the message stand at both places.
    private static func isSame(_ first: ByteRange, _ second: ByteRange, _ message: Span<UInt8>) -> Bool {
        guard first.length == second.length, first.end <= message.count, second.end <= message.count else {
            return false
        }
        for offset in 0..<first.count where message[first.start + offset] != message[second.start + offset] {
            return false
        }
        return true
    }

    private func roots(of event: NotificationEvent, _ message: Span<UInt8>, _ scan: MessageScan) -> [Int] {
        guard let name = event.name else { return self.allRoots }
        guard name.start >= message.count else { return self.roots(of: message.extracting(name.start..<name.end)) }
        return self.roots(of: scan.tail.span.extracting(name.start - message.count..<name.end - message.count))
    }

    private func redactor(for message: Span<UInt8>) -> JSONRedactor {
        var redactor = JSONRedactor(self.tree, self.hash)
        redactor.reserve(message.count)
        return redactor
    }

    /// Writes an event of channels, redacted, into `redactor`, and returns whether anything in it changed. Nothing is written where there is
    /// no rule for its family. `topic` is where its topic's name stands.
    func redact(
        _ text: Span<UInt8>,
        topic: JSONStringToken,
        into redactor: inout JSONRedactor
    ) throws(MessageDefect) -> Bool {
        let roots: [Int]
        if topic.hasEscapes {
            var name: [UInt8] = []
            try JSONScanner.scanning(text) { (scanner) throws(MessageDefect) in scanner.decode(topic, into: &name) }
            roots = self.roots(ofTopic: name.span)
        } else {
            roots = self.roots(ofTopic: text.extracting(topic.start..<topic.end))
        }
        guard !roots.isEmpty else { return false }
        redactor.clear()
        try redactor.redact(text, roots: roots)
        return redactor.hasChanged
    }

    private func roots(ofTopic name: Span<UInt8>) -> [Int] {
        let family = TopicParser.standard.family(TopicParser.standard.parse(name), name)
        return self.roots(of: family.span)
    }

    /// By what a body that is hidden in part is told from another one.
    func mark(of body: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count)
        for index in body.indices { bytes.append(body[index]) }
        var mark: [UInt8] = []
        self.hash.append(of: bytes, to: &mark)
        return mark
    }
}
