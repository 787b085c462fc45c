import BridgeCore
import GenesysCloud
import Testing

/// The splitter against the reference parser, on documents made for it and broken.
@Suite
struct BatchSplitterReferenceTests {
    @Test(
        "The splitter accepts what the reference accepts, and finds the same fields (S2.4)",
        arguments: [1, 7, 42, 2026] as [UInt64]
    )
    func agreesWithReference(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        var counts = (batches: 0, shape: 0, grammar: 0)
        let start = ContinuousClock.now
        var round = 0
        while round < 1000, ContinuousClock.now - start < .seconds(4) {
            let document = generator.document()
            #expect(ReferenceParser.parse(document) != nil, "the generator made no JSON: seed \(seed), round \(round)")
            for bytes in [document, generator.mutation(of: document)] {
                switch Self.compare(bytes) {
                case .batch: counts.batches += 1
                case .shape: counts.shape += 1
                case .grammar: counts.grammar += 1
                case .disagreement(let what):
                    Issue.record("\(what): seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
                    return
                }
            }
            round += 1
        }
        // The comparison is worth something only where every kind of document came up often.
        print("seed \(seed): \(round) rounds, \(counts)")
        #expect(counts.batches > round / 2 && counts.shape > round / 20 && counts.grammar > round / 4)
    }

    @Test("Cutting a message into pieces changes nothing but the pieces (S2.5)", arguments: [3, 9] as [UInt64])
    func piecesAddUp(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        var random = SeededGenerator(seed: seed)
        var cutCount = 0
        for round in 0..<800 {
            let bytes = generator.document()
            var whole = BatchSplitter(maxEventsPerBatch: .max, maxBatchBytes: .max)
            guard let expected = try? whole.split(bytes.span) else { continue }
            let maxEvents = Int.random(in: 1...4, using: &random)
            let maxBytes = Int.random(in: 1...600, using: &random)
            var splitter = BatchSplitter(maxEventsPerBatch: maxEvents, maxBatchBytes: maxBytes)
            let pieces = try splitter.split(bytes.span)
            let note: Comment = "seed \(seed), round \(round), limits \(maxEvents) and \(maxBytes)"
            #expect(expected.count == 1, note)
            #expect(pieces.flatMap(Self.texts) == expected.flatMap(Self.texts), note)
            #expect(pieces.map(\.endsMessage) == Array(repeating: false, count: pieces.count - 1) + [true], note)
            #expect(pieces.dropLast().allSatisfy { $0.position == nil }, note)
            #expect(pieces.last?.position == expected[0].position, note)
            for piece in pieces {
                #expect(piece.events.count <= maxEvents, note)
                #expect(piece.bytes.count <= maxBytes || piece.events.count == 1, note)
            }
            cutCount += pieces.count > 1 ? 1 : 0
        }
        #expect(cutCount > 50)
    }

    private enum Comparison {
        case batch, shape, grammar
        case disagreement(String)
    }

    private static func compare(_ bytes: [UInt8]) -> Comparison {
        var splitter = BatchSplitter(maxEventsPerBatch: .max, maxBatchBytes: .max)
        let outcome = Result { try splitter.split(bytes.span) }
        guard let document = ReferenceParser.parse(bytes) else {
            guard case .failure(let error) = outcome, !Self.isShape(error) else { return .disagreement("accepted") }
            return .grammar
        }
        guard let expected = ReferenceBatch(document, bytes: bytes) else {
            guard case .failure(let error) = outcome, Self.isShape(error) else { return .disagreement("wrong shape") }
            return .shape
        }
        switch outcome {
        case .failure(let error): return .disagreement("refused: \(error)")
        case .success(let batches):
            return batches.count == 1 && expected == ReferenceBatch(batches[0])
                ? .batch : .disagreement("\(batches.map(ReferenceBatch.init)) is not \(expected)")
        }
    }

    private static func isShape(_ error: any Error) -> Bool {
        [.notAnObject, .eventsNotAnArray, .eventNotAnObject].contains((error as? MessageDefect)?.reason)
    }

    private static func texts(_ batch: NotificationBatch) -> [String] {
        batch.events.map { event in
            [event.value, event.id, event.name, event.resourceID, event.time]
                .map { $0.map(batch.bytes.string) ?? "-" }.joined(separator: "|")
                + "|\(event.idIsDerived)|\(event.timeMilliseconds ?? -1)"
        }
    }
}
