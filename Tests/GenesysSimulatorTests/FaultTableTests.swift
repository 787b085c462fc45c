import Foundation
import Testing

@testable import GenesysSimulator

/// Every fault that there is, by its name, as a client of the control endpoint asks for it.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct FaultTableTests {
    /// What makes a fault take effect.
    private enum Occasion {
        /// A stream that is open when it is asked for.
        case openStream
        /// The next upgrade.
        case upgrade
        /// The next upgrade with a position.
        case resume
        case tokenRequest
        case restCall
    }

    /// The rest of the order's body, and the occasion. A new fault does not compile without its row.
    private func row(_ kind: FaultKind) -> (fields: String, occasion: Occasion) {
        switch kind {
        case .tokenExpired, .goingAway, .reset, .stall, .fragmentation, .invalidJSON, .invalidUTF8, .poison,
            .duplicateBatch,
            .unsubscribedEvent, .eventWithoutName, .eventWithoutResource, .eventWithoutIdentifier, .slowRead,
            .resourceDeleted:
            ("", .openStream)
        case .drain: (#","code":1012,"intervalMilliseconds":1"#, .openStream)
        case .rateLimited: (#","code":429,"retryAfterSeconds":1,"blockMilliseconds":1"#, .openStream)
        case .idleTimeout: (#","durationMilliseconds":1"#, .openStream)
        case .halfOpen: (#","reads":false"#, .openStream)
        case .slowWrite: (#","bytes":100,"intervalMilliseconds":1"#, .openStream)
        case .serverPing: (#","count":3,"bytes":5"#, .openStream)
        case .oversizedMessage: (#","bytes":100000"#, .openStream)
        case .resourceForbidden: (#","closesStreams":true"#, .openStream)
        case .rejectUpgrade: (#","status":500"#, .upgrade)
        case .upgradeHang: (#","durationMilliseconds":1"#, .upgrade)
        case .rateLimitedUpgrade: (#","retryAfterSeconds":1"#, .upgrade)
        case .scopeRemoved, .invalidSubscription: ("", .upgrade)
        case .inclusiveReplay: ("", .resume)
        case .positionLost: (#","form":"close""#, .resume)
        case .tokenRefused: (#","status":400"#, .tokenRequest)
        case .tokenServerError: ("", .tokenRequest)
        case .tokenHang, .restHang: (#","durationMilliseconds":1"#, kind == .restHang ? .restCall : .tokenRequest)
        case .restServerError: (#","status":500"#, .restCall)
        }
    }

    @Test(arguments: FaultKind.allCases)
    func `every fault can be ordered, takes effect once its occasion comes, and counts it`(kind: FaultKind) async throws
    {
        let row = self.row(kind)
        let body = #"{"fault":"\#(kind.rawValue)","tenant":"acme"\#(row.fields)}"#
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let position = try await withStream(simulator, token: token) { try await $0.batchWithEvents().position }
            func fired() async throws -> Int { try await simulator.tenant().faultsFired[kind.rawValue] ?? 0 }
            switch row.occasion {
            case .openStream:
                try await withStream(simulator, token: token) { _ in
                    #expect(try await order(simulator, "faults", body).body == #"{"reached":1}"#)
                    // The watch for idleness finds none while batches come.
                    if kind == .idleTimeout { try await order(simulator, "faults", #"{"fault":"stall"}"#) }
                    try await until { try await fired() != 0 }
                }
            case .upgrade, .resume, .tokenRequest, .restCall:
                #expect(try await order(simulator, "faults", body).body == #"{"reached":1}"#)
                #expect(try await fired() == 0, "it lies in wait")
                switch row.occasion {
                case .upgrade, .openStream: _ = try await rejectedUpgrade(simulator, target(token: token))
                case .resume:
                    let resume = ["lastEventId": try #require(position)]
                    _ = try await rejectedUpgrade(simulator, target(token: token, resume))
                case .tokenRequest: _ = try await requestToken(simulator)
                case .restCall: _ = try await rest(simulator, "/api/v2/users", token: token)
                }
            }
            #expect(try await fired() == 1)
            let others = try await simulator.tenant().faultsFired.keys.filter { $0 != kind.rawValue }
            #expect(others.allSatisfy { kind == .idleTimeout && $0 == "stall" })
        }
    }

    @Test(arguments: FaultKind.allCases)
    func `every fault's name stands for a fault of that name, and has defaults`(kind: FaultKind) throws {
        let request = try #require(try? Self.request(#"{"fault":"\#(kind.rawValue)"}"#))
        #expect(request.requested?.kind == kind)
        for bad in [#""count":0"#, #""durationMilliseconds":-1"#, #""status":200"#, #""bytes":0"#] {
            #expect(try Self.request(#"{"fault":"\#(kind.rawValue)",\#(bad)}"#).requested == nil, "\(bad)")
        }
    }

    private static func request(_ body: String) throws -> FaultRequest {
        try JSONDecoder().decode(FaultRequest.self, from: Data(body.utf8))
    }
}
