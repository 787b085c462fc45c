import Testing

@testable import genesys_kafka_bridge

/// Production waits for an audit that is behind.
@Suite("The brake of a soak")
struct ProductionBrakeTests {
    @Test("production stops once when the audit falls behind, goes on when most of it is read, and the time is counted")
    func brake() {
        var brake = ProductionBrake()
        let orders = [0, 1_999, 2_000, 5_000, 900, 501, 500, 0, 2_000].map { brake.order(lag: $0) }
        #expect(orders == [nil, nil, .stop, nil, nil, nil, .goOn, nil, .stop])
        #expect(brake.seconds == 4)
    }
}
