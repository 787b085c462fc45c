/// The bodies of the control routes of the public notification service.
enum ChannelControlRequest {
    /// `POST /simulator/channels/rate`.
    struct Rate: Decodable {
        let tenant: String?
        /// Such as `v2.users.{id}.presence`; all topics without one.
        let template: String?
        let eventsPerSecond: Double
    }

    /// `POST /simulator/channels/times`.
    struct Times: Decodable {
        let tenant: String
        let topic: String
        let sequences: [Int]
    }

    /// Of `POST /simulator/faults`: which fault it is.
    struct FaultName: Decodable {
        let fault: String
    }
}
