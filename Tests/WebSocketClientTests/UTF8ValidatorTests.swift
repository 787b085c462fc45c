import NIOCore
import Testing

@testable import WebSocketClient

@Suite("UTF-8 in pieces", .timeLimit(.minutes(2)))
struct UTF8ValidatorTests {
    private static func isValid(_ bytes: [UInt8], cutAt cuts: [Int] = []) -> Bool {
        var validator = UTF8Validator()
        var start = 0
        for end in cuts.sorted() + [bytes.count] {
            guard validator.accept(bytes[start..<end].span) else { return false }
            start = end
        }
        return validator.isAtBoundary
    }

    @Test("the samples", arguments: UTF8Samples.valid.map(\.bytes))
    func valid(_ bytes: [UInt8]) {
        #expect(Self.isValid(bytes))
        #expect(Self.isValid(bytes, cutAt: Array(0...bytes.count)))
    }

    @Test(
        "all sequences of up to two bytes, and of three and four at the edges of every range, as the standard library sees them"
    )
    func exhaustive() {
        let edges: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFF,
        ]
        for first in UInt8.min...UInt8.max {
            Self.compare([first])
            for second in UInt8.min...UInt8.max { Self.compare([first, second]) }
        }
        for first in edges {
            for second in edges {
                for third in edges {
                    Self.compare([first, second, third])
                    for fourth in edges { Self.compare([first, second, third, fourth]) }
                }
            }
        }
    }

    private static func compare(_ bytes: [UInt8]) {
        let expected = String(validating: bytes, as: UTF8.self) != nil
        if self.isValid(bytes) != expected { Issue.record("\(bytes): expected \(expected)") }
    }

    @Test("mutated texts, cut anywhere, as the standard library sees them", arguments: [1, 2, 3] as [UInt64])
    func mutated(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let texts = UTF8Samples.valid.map(\.bytes)
        for _ in 0..<3000 {
            var bytes = (0..<Int.random(in: 1...4, using: &random)).flatMap { _ in
                texts.randomElement(using: &random) ?? []
            }
            for _ in 0..<Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            if Self.isValid(bytes, cutAt: cuts) != expected {
                Issue.record("seed \(seed), cuts \(cuts): \(bytes), expected \(expected)")
                return
            }
        }
    }
}
