/// The bodies of the control routes.
enum ControlRequest {
    /// `POST /simulator/rate`.
    struct Rate: Decodable {
        let tenant: String?
        /// A number of events a second; without it, as fast as the socket takes them.
        let eventsPerSecond: Double?
    }

    /// `POST /simulator/stop`.
    struct Tenant: Decodable {
        let tenant: String?
    }

    /// `POST /simulator/preflight`.
    struct Preflight: Decodable {
        let tenant: String?
        let mode: PreflightMode
    }

    /// `POST /simulator/scope`.
    struct Scope: Decodable {
        let tenant: String?
        let granted: Bool
    }

    /// `POST /simulator/resources`.
    struct Resource: Decodable {
        enum Action: String, Decodable {
            case create, delete, forbid, allow
        }

        let tenant: String
        let action: Action
        let resourceId: String
        /// Of a resource that is created.
        let event: String?
        let name: String?
        /// Of a resource that is deleted or forbidden.
        let closesStreams: Bool?
    }
}
