import Foundation
import NIOCore
import NIOHTTP1

/// `/simulator/…`: snapshots and orders, for tests that run the simulator as its own process.
struct ControlEndpoint {
    static let pathPrefix = "/simulator/"

    let cloud: SimulatedCloud

    private struct RateRequest: Decodable {
        let tenant: String?
        /// A number of events a second; without it, as fast as the socket takes them.
        let eventsPerSecond: Double?
    }

    private struct TenantRequest: Decodable {
        let tenant: String?
    }

    func reply(_ head: HTTPRequestHead, path: String, body: String, now: NIODeadline) -> HTTPReply {
        do {
            switch (head.method, path) {
            case (.GET, "/simulator/tenants"):
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                let json = String(decoding: try encoder.encode(self.cloud.snapshot(now: now)), as: UTF8.self)
                return HTTPReply(status: .ok, json: json)
            case (.POST, "/simulator/faults"):
                let request = try self.decode(FaultRequest.self, body)
                guard let fault = request.requested else { return self.invalid("a number is out of its range") }
                let reached = try self.cloud.inject(fault, tenant: request.tenant, now: now)
                return HTTPReply(status: .ok, json: #"{"reached":\#(reached)}"#)
            case (.POST, "/simulator/rate"):
                let request = try self.decode(RateRequest.self, body)
                if let rate = request.eventsPerSecond, !(0...1e9).contains(rate) {
                    return self.invalid("eventsPerSecond is not in 0...1e9")
                }
                let rate = request.eventsPerSecond.map(ProductionRate.eventsPerSecond) ?? .unlimited
                try self.cloud.setRate(rate, tenant: request.tenant, now: now)
                return HTTPReply(status: .ok, json: "{}")
            case (.POST, "/simulator/stop"):
                try self.cloud.stopProducing(tenant: try self.decode(TenantRequest.self, body).tenant, now: now)
                return HTTPReply(status: .ok, json: "{}")
            case _: return .failure(.notFound, code: "not.found", message: "There is no such control route.")
            }
        } catch let error as SimulatorError {
            return .failure(.notFound, code: "not.found", message: error.description)
        } catch {
            return self.invalid("the body is not the JSON that this route takes")
        }
    }

    private func decode<Body: Decodable>(_ type: Body.Type, _ body: String) throws -> Body {
        try JSONDecoder().decode(type, from: Data((body.isEmpty ? "{}" : body).utf8))
    }

    private func invalid(_ reason: String) -> HTTPReply {
        .failure(.badRequest, code: "bad.request", message: reason)
    }
}
