import NIOCore

@testable import WebSocketClient

/// Answers to upgrade and tunnel requests: however they are cut, they come to the same.
enum ResponseTarget {
    static func run(_ bytes: [UInt8]) {
        var reader = InputReader(bytes)
        let seed = reader.byte()
        let whole = Self.answer([reader.rest])
        let cut = Self.answer(reader.pieces(seed: seed))
        precondition(whole == cut, "cut differently, the bytes mean something else")
        precondition(Self.heads([reader.rest]) == Self.heads(reader.pieces(seed: seed)), "cut differently, other heads")
    }

    private struct Answer: Equatable {
        var outcome: UpgradeResponseParser.Outcome
        var rest: [UInt8]
        var interrupted: WebSocketRejection?
    }

    private static func answer(_ pieces: [ArraySlice<UInt8>]) -> Answer {
        var parser = UpgradeResponseParser()
        var answer = Answer(outcome: .needMoreBytes, rest: [])
        for piece in pieces {
            var input = ByteBuffer(bytes: piece)
            if answer.outcome == .needMoreBytes { answer.outcome = parser.next(&input) }
            answer.rest += Array(input.readableBytesView)
        }
        answer.interrupted = parser.interrupt(atEndOfStream: pieces.count % 2 == 0)
        switch answer.outcome {
        case .needMoreBytes: break
        case .switching(let head):
            precondition(head.status == 101)
            Self.judgeExtensions(head)
        case .rejected(let rejection):
            precondition(rejection.status != 101 && rejection.body.readableBytes <= UpgradeResponseParser.bodyBytesMax)
            // What is left behind the body is nobody's.
            answer.rest = []
        case .malformed: answer.rest = []
        }
        answer.interrupted?.isBodyTruncated = false
        return answer
    }

    private static func judgeExtensions(_ head: UpgradeResponseHead) {
        let values = head.values(of: "sec-websocket-extensions")
        for serverContextTakeover in [true, false] {
            let offer = DeflateOffer(.permessageDeflate(serverContextTakeover: serverContextTakeover))
            switch DeflateOffer.answer(values, to: offer) {
            case .declined: precondition(values.isEmpty)
            case .agreed(let agreement): precondition(!agreement.keepsContext || serverContextTakeover)
            case .fault: break
            }
        }
    }

    private static func heads(_ pieces: [ArraySlice<UInt8>]) -> [HTTPHeadReader.Outcome] {
        var reader = HTTPHeadReader()
        var heads: [HTTPHeadReader.Outcome] = []
        for piece in pieces {
            var input = ByteBuffer(bytes: piece)
            reading: while true {
                let outcome = reader.next(&input)
                switch outcome {
                case .needMoreBytes: break reading
                case .head: heads.append(outcome)
                case .malformed: return heads + [outcome]
                }
            }
        }
        return heads
    }
}
