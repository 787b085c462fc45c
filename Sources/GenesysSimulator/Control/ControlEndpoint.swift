import Foundation
import NIOCore
import NIOHTTP1

/// `/simulator/…`: snapshots and orders, for tests that run the simulator as its own process.
struct ControlEndpoint {
    static let pathPrefix = "/simulator/"

    let cloud: SimulatedCloud

    func reply(_ head: HTTPRequestHead, path: String, body: String, now: NIODeadline) -> HTTPReply {
        do {
            switch (head.method, path) {
            case (.GET, "/simulator/tenants"):
                return HTTPReply(status: .ok, json: try self.encode(self.cloud.snapshot(now: now)))
            case (.POST, "/simulator/faults"):
                let name = try self.decode(ChannelControlRequest.FaultName.self, body).fault
                if ChannelFaultKind(rawValue: name) != nil { return try self.injectChannelFault(body, now: now) }
                let request = try self.decode(FaultRequest.self, body)
                guard let fault = request.requested else { return self.invalid("a number is out of its range") }
                let reached = try self.cloud.inject(fault, tenant: request.tenant, now: now)
                return HTTPReply(status: .ok, json: #"{"reached":\#(reached)}"#)
            case (.POST, "/simulator/rate"):
                let request = try self.decode(ControlRequest.Rate.self, body)
                if let rate = request.eventsPerSecond, !(0...1e9).contains(rate) {
                    return self.invalid("eventsPerSecond is not in 0...1e9")
                }
                let rate = request.eventsPerSecond.map(ProductionRate.eventsPerSecond) ?? .unlimited
                try self.cloud.setRate(rate, tenant: request.tenant, now: now)
            case (.POST, "/simulator/stop"):
                let request = try self.decode(ControlRequest.Tenant.self, body)
                try self.cloud.stopProducing(tenant: request.tenant, now: now)
            case (.POST, "/simulator/preflight"):
                let request = try self.decode(ControlRequest.Preflight.self, body)
                for tenant in try self.cloud.tenants(named: request.tenant) { tenant.preflight = request.mode }
            case (.POST, "/simulator/scope"):
                let request = try self.decode(ControlRequest.Scope.self, body)
                for tenant in try self.cloud.tenants(named: request.tenant) {
                    tenant.mayReadNotifications = request.granted
                }
            case (.POST, "/simulator/resources"):
                return try self.changeResource(try self.decode(ControlRequest.Resource.self, body), now: now)
            case _:
                let reply = try self.channelsReply(isPost: head.method == .POST, path: path, body: body, now: now)
                return reply
                    ?? .failure(.notFound, code: "not.found", message: "There is no such control route.")
            }
            return HTTPReply(status: .ok, json: "{}")
        } catch let error as SimulatorError {
            return .failure(error.isAbsence ? .notFound : .conflict, code: "refused", message: error.description)
        } catch {
            return self.invalid("the body is not the JSON that this route takes")
        }
    }

    private func changeResource(_ request: ControlRequest.Resource, now: NIODeadline) throws -> HTTPReply {
        var reached = 0
        switch request.action {
        case .create:
            guard let event = request.event else { return self.invalid("a resource that is created needs an event") }
            let resource = SimulatedResource(event: event, resourceId: request.resourceId, name: request.name)
            try self.cloud.createResource(resource, tenant: request.tenant, now: now)
        case .delete:
            reached = try self.cloud.deleteResource(
                request.resourceId,
                tenant: request.tenant,
                closingStreams: request.closesStreams ?? false,
                now: now
            )
        case .forbid, .allow:
            reached = try self.cloud.setForbidden(
                request.action == .forbid,
                request.resourceId,
                tenant: request.tenant,
                closingStreams: request.closesStreams ?? false,
                now: now
            )
        }
        return HTTPReply(status: .ok, json: #"{"reached":\#(reached)}"#)
    }

    func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    func decode<Body: Decodable>(_ type: Body.Type, _ body: String) throws -> Body {
        try JSONDecoder().decode(type, from: Data((body.isEmpty ? "{}" : body).utf8))
    }

    func invalid(_ reason: String) -> HTTPReply {
        .failure(.badRequest, code: "bad.request", message: reason)
    }
}
