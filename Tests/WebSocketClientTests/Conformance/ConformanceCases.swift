/// The classes of the Autobahn client cases, groups 1–7, 9 and 10. Expectations are RFC 6455's, by section.
enum ConformanceCases {
    static let all = framing + pings + reserved + opcodes + fragmentation + text + closing + lengths + limits

    private static let sizes = [0, 1, 125, 126, 127, 128, 65535, 65536]

    private static func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }
    private static func letters(_ count: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "*"), count: count) }

    /// Section 5.6: messages of one frame, around every boundary of the length encoding.
    static let framing: [ConformanceCase] = sizes.flatMap { size in
        [
            .good("1.1 text of \(size) bytes", [.text(bytes: letters(size))], [.text(letters(size), frames: 1)]),
            .good("1.2 binary of \(size) bytes", [.binary(pattern(size))], [.binary(pattern(size), frames: 1)]),
        ]
    }

    /// Sections 5.5.2 and 5.5.3.
    static let pings: [ConformanceCase] = [
        .good("2.1 ping without payload", [.ping()], [], pongs: [[]]),
        .good("2.2 ping with text", [.ping(Array("Hello".utf8))], [], pongs: [Array("Hello".utf8)]),
        .good("2.3 ping with bytes that are no text", [.ping([0, 255, 254, 253])], [], pongs: [[0, 255, 254, 253]]),
        .good("2.4 ping with 125 bytes", [.ping(pattern(125))], [], pongs: [pattern(125)]),
        .bad("2.5 ping with 126 bytes", [.ping(pattern(126))]),
        .good("2.7 unsolicited pong without payload", [.pong()], [.pong([])]),
        .good("2.8 unsolicited pong", [.pong([1, 2, 3])], [.pong([1, 2, 3])]),
        .good("2.9 unsolicited pong, then ping", [.pong([1]), .ping([2])], [.pong([1])], pongs: [[2]]),
        .good("2.10 ten pings", (0..<10).map { .ping([$0]) }, [], pongs: (0..<10).map { [$0] }),
        .bad("2.5 pong with 126 bytes", [.pong(pattern(126))]),
    ]

    /// Section 5.2, RSV1–RSV3: no extension was agreed.
    static let reserved: [ConformanceCase] =
        (1...7).map { bits in
            .bad(
                "3 reserved bits \(bits) on a text frame after a good one",
                [.text("Hello"), ServerFrame(opcode: 1, payload: [0x41], reserved: UInt8(bits))],
                [.text("Hello")]
            )
        } + [
            .bad("3.5 reserved bit on a binary frame", [ServerFrame(opcode: 2, payload: [1], reserved: 5)]),
            .bad("3.6 reserved bit on a ping", [ServerFrame(opcode: 9, payload: [1], reserved: 6)]),
            .bad("3.7 reserved bits on a close frame", [ServerFrame(opcode: 8, reserved: 7)]),
            .bad(
                "3 reserved bit on a continuation",
                [.text("a", final: false), ServerFrame(opcode: 0, payload: [0x62], reserved: 4)]
            ),
        ]

    /// Section 5.2: opcodes 3–7 and B–F are reserved.
    static let opcodes: [ConformanceCase] = ([3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8]).flatMap { opcode in
        [
            .bad("4 reserved opcode \(opcode), empty", [ServerFrame(opcode: opcode)]),
            .bad(
                "4 reserved opcode \(opcode) with payload, after a good message",
                [.text("Hello"), ServerFrame(opcode: opcode, payload: [1, 2])],
                [.text("Hello")]
            ),
        ]
    }

    /// Section 5.4.
    static let fragmentation: [ConformanceCase] = [
        .bad(
            "5.1 ping in two fragments",
            [ServerFrame(opcode: 9, payload: [1], isFinal: false), .more([2], final: true)]
        ),
        .bad("5.2 pong in two fragments", [ServerFrame(opcode: 10, isFinal: false), .more([2], final: true)]),
        .bad("5 fragmented close frame", [ServerFrame(opcode: 8, payload: [3, 232], isFinal: false)]),
        .good(
            "5.3 text in two fragments",
            [.text("frag", final: false), .more("ment", final: true)],
            [.text("fragment", frames: 2)]
        ),
        .good(
            "5.6 ping between two fragments",
            [.text("frag", final: false), .ping([7]), .more("ment", final: true)],
            [.text("fragment", frames: 2)],
            pongs: [[7]]
        ),
        .good(
            "5 pong between two fragments comes first",
            [.binary([1], final: false), .pong([7]), .more([2], final: true)],
            [.pong([7]), .binary([1, 2], frames: 2)]
        ),
        .bad("5.9 continuation without a start, not final", [.more("lost", final: false)]),
        .bad("5.10 continuation without a start, final", [.more("lost", final: true)]),
        .bad("5.13 continuation after a whole message", [.text("a"), .more("lost", final: true)], [.text("a")]),
        .bad(
            "5.15 continuation after a finished fragmented message",
            [.text("a", final: false), .more("b", final: true), .more("lost", final: false)],
            [.text("ab", frames: 2)]
        ),
        .bad("5.18 text inside a fragmented text", [.text("a", final: false), .text("b")]),
        .bad("5.18 binary inside a fragmented text", [.text("a", final: false), .binary([1])]),
        .good(
            "5.19 five fragments with pings between",
            [
                .text("f1", final: false), .more("f2", final: false), .ping([1]), .more("f3", final: false),
                .more("f4", final: false), .ping([2]), .more("f5", final: true),
            ],
            [.text("f1f2f3f4f5", frames: 5)],
            pongs: [[1], [2]]
        ),
        .good(
            "5 empty fragments count",
            [.text("", final: false), .more("", final: false), .more("", final: true), .text("next")],
            [.text("", frames: 3), .text("next")]
        ),
        .good(
            "10.1 a text of 65,536 bytes in fragments of 1,300",
            stride(from: 0, to: 65536, by: 1300).map { start in
                let piece = letters(min(1300, 65536 - start))
                return start == 0
                    ? .text(bytes: piece, final: false) : .more(piece, final: start + 1300 >= 65536)
            },
            [.text(letters(65536), frames: 51)]
        ),
    ]

    /// Section 8.1: text is UTF-8, over all fragments of a message.
    static let text: [ConformanceCase] =
        UTF8Samples.valid.map { sample in
            .good("6.2 \(sample.name)", [.text(bytes: sample.bytes)], [.text(sample.bytes, frames: 1)])
        }
        + UTF8Samples.valid.map { sample in
            .good(
                "6.2.3 \(sample.name), cut into fragments",
                fragments(sample.bytes),
                [.text(sample.bytes, frames: fragments(sample.bytes).count)]
            )
        }
        + UTF8Samples.invalid.flatMap { sample in
            [
                .bad("6.3 \(sample.name)", [.text(bytes: sample.bytes)], code: 1007),
                .bad("6.3.2 \(sample.name), cut into fragments", fragments(sample.bytes), code: 1007),
            ]
        }
        + [
            .good(
                "6.2.1 any bytes in a binary message",
                [.binary([0xFF, 0xFE, 0xC0])],
                [.binary([0xFF, 0xFE, 0xC0], frames: 1)]
            ),
            .good(
                "6.1.2 empty fragments around text",
                [.text("", final: false), .more("x", final: false), .more("", final: true)],
                [.text("x", frames: 3)]
            ),
            .bad(
                "6.4 a code point does not go on in the next message",
                [.text(bytes: [0xC3]), .text(bytes: [0xA9])],
                code: 1007
            ),
            .good(
                "6 a code point goes on behind a ping",
                [.text(bytes: [0xC3], final: false), .ping([0xFF]), .more([0xA9], final: true)],
                [.text("é", frames: 2)],
                pongs: [[0xFF]]
            ),
        ]

    /// A byte a fragment, or as few as 64 fragments allow.
    private static func fragments(_ bytes: [UInt8]) -> [ServerFrame] {
        guard bytes.count > 1 else { return [.text(bytes: bytes)] }
        let size = bytes.count / 64 + 1
        return stride(from: 0, to: bytes.count, by: size).map { start in
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            return start == 0
                ? .text(bytes: piece, final: false) : .more(piece, final: start + size >= bytes.count)
        }
    }

    /// Sections 5.5.1 and 7.4. Codes that RFC 6455 does not allow are reported as they are and answered with 1002.
    static let closing: [ConformanceCase] =
        ([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4001, 4999]
        as [UInt16])
        .map { .closing("7.7 valid code \($0)", .close($0), .peerClosed($0, "", answer: $0)) }
        + ([0, 1, 400, 429, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] as [UInt16])
        .map { .closing("7.9 code \($0) that may not be sent", .close($0), .peerClosed($0, "", answer: 1002)) }
        + [
            .closing("7.3.1 no code", .close(payload: []), .peerClosed(nil, "", answer: nil)),
            .closing("7.3.2 one byte", .close(payload: [3]), .fails(1002)),
            .closing("7.3.4 a reason", .close(1000, "Hello"), .peerClosed(1000, "Hello", answer: 1000)),
            .closing(
                "7.3.5 a reason of 123 bytes",
                .close(4001, String(repeating: "x", count: 123)),
                .peerClosed(4001, String(repeating: "x", count: 123), answer: 4001)
            ),
            .closing("7.3.6 a reason of 124 bytes", .close(1000, String(repeating: "x", count: 124)), .fails(1002)),
            .closing("7.5.1 a reason that is not UTF-8", .close(payload: [3, 232, 0xED, 0xA0, 0x80]), .fails(1007)),
            .closing("7.5 a reason cut inside a code point", .close(payload: [3, 232, 0xC3]), .fails(1007)),
            .closing(
                "7 a code out of range with a reason",
                .close(429, "retry-after: 30"),
                .peerClosed(429, "retry-after: 30", answer: 1002)
            ),
            ConformanceCase(
                name: "7.1.4 close inside a fragmented message",
                bytes: [.text("never", final: false), .close(1001, "bye"), .more("delivered", final: true)].bytes,
                received: [],
                end: .peerClosed(1001, "bye", answer: 1001)
            ),
            ConformanceCase(
                name: "7.1.2 two close frames",
                bytes: [.close(1000, "first"), .close(1001, "second")].bytes,
                received: [],
                end: .peerClosed(1000, "first", answer: 1000)
            ),
        ]

    /// Section 5.2: the shortest length encoding, the highest bit 0; section 5.1: a server never masks.
    static let lengths: [ConformanceCase] = [
        .bad("5.2 length 125 in two bytes", [ServerFrame(opcode: 2, payload: pattern(125), length: .twoBytes)]),
        .bad("5.2 length 0 in two bytes", [ServerFrame(opcode: 1, length: .twoBytes)]),
        .bad("5.2 length 126 in eight bytes", [ServerFrame(opcode: 2, payload: pattern(126), length: .eightBytes)]),
        .bad(
            "5.2 length 65,535 in eight bytes",
            [ServerFrame(opcode: 2, payload: pattern(65535), length: .eightBytes)]
        ),
        .bad("5.2 length with the highest bit", [ServerFrame(opcode: 2, length: .announced(1 << 63))]),
        .bad("5.1 masked text from the server", [ServerFrame(opcode: 1, payload: [0x41], isMasked: true)]),
        .bad("5.1 masked ping from the server", [ServerFrame(opcode: 9, payload: [0x41], isMasked: true)]),
    ]

    /// Section 7.4.1, 1009. The limits are 128 KiB a frame, 192 KiB a message, 64 frames.
    static let limits: [ConformanceCase] = [
        .good("9 a frame of the largest size", [.binary(pattern(131072))], [.binary(pattern(131072), frames: 1)]),
        .bad("9 a frame one byte too large", [.binary(pattern(131073))], code: 1009),
        .bad("9 a frame of 2^63 - 1 bytes", [ServerFrame(opcode: 2, length: .announced(.max >> 1))], code: 1009),
        .good(
            "9 a message of the largest size",
            [.binary(pattern(131072), final: false), .more(pattern(65536), final: true)],
            [.binary(pattern(131072) + pattern(65536), frames: 2)]
        ),
        .bad(
            "9 a message one byte too large",
            [.binary(pattern(131072), final: false), .more(pattern(65537), final: true)],
            code: 1009
        ),
        .good(
            "9 a message of 64 frames",
            [.binary([0], final: false)] + (1..<64).map { .more([UInt8($0)], final: $0 == 63) },
            [.binary((0..<64).map { UInt8($0) }, frames: 64)]
        ),
        .bad(
            "9 a message of 65 frames",
            [.binary([0], final: false)] + (1..<65).map { .more([UInt8($0)], final: $0 == 64) },
            code: 1009
        ),
        .bad("2.5 a close frame that announces 2^40 bytes", [ServerFrame(opcode: 8, length: .announced(1 << 40))]),
    ]
}
