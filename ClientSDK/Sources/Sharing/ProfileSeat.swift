/// One process's place at a profile: it holds the profile, or it visits the process that does.
///
/// Whoever finds the lock free takes it. A visitor whose holder has ended asks again, so that one
/// of the visitors is the next holder. Nobody waits for longer than `HolderVisit.patience` for a
/// holder that does not answer.
actor ProfileSeat {
    /// What a process is to a profile.
    enum Role: Sendable {
        /// It holds it.
        case holder(DocketClient)
        /// Another process does.
        case visitor(HolderVisit)
    }

    /// The time between two attempts to find a holder that has not begun to listen.
    private static let interval = Duration.milliseconds(20)

    private struct Holding {
        let profile: Profile
        let client: DocketClient
        let server: HolderServer
    }

    /// Opens the client of a profile that is held.
    typealias Opening = @Sendable (Profile) async throws(DocketClientError) -> DocketClient

    private let folder: String
    private let open: Opening
    private var holding: Holding?
    private var visit: HolderVisit?
    private var taking: Task<Result<Role, DocketClientError>, Never>?
    private var isClosed = false

    /// A place that is yet to be taken.
    init(at folder: String, open: @escaping Opening) {
        self.folder = folder
        self.open = open
    }

    /// The role of this process, once it has one.
    ///
    /// - Throws: `profileBusy` where the holder does not answer, or why the profile cannot be used.
    func role() async throws(DocketClientError) -> Role {
        guard !isClosed else { throw DocketClientError(.closed, "the client was closed") }
        if let holding { return .holder(holding.client) }
        if let visit { return .visitor(visit) }
        let task = taking ?? Task { await take() }
        taking = task
        let result = await task.value
        // Whoever waited longer may find another attempt under way.
        if taking == task { taking = nil }
        return try result.get()
    }

    /// The client that holds the profile; nil for a visitor.
    var client: DocketClient? { holding?.client }

    /// What was saved of the profile if it was found damaged; nil for a visitor.
    var salvage: ProfileSalvage? { holding?.profile.salvage }

    /// The holder that was visited has ended.
    func lost(_ lost: HolderVisit) {
        guard visit === lost else { return }
        lost.end()
        visit = nil
    }

    /// Gives the place up: what was queued stays in the profile.
    func close() async {
        isClosed = true
        _ = await taking?.value
        visit?.end()
        visit = nil
        guard let holding else { return }
        self.holding = nil
        await holding.server.close()
        holding.client.close()
        holding.profile.close()
    }

    private func take() async -> Result<Role, DocketClientError> {
        let deadline = ContinuousClock.now + HolderVisit.patience
        while true {
            let busy: ProfileError
            do throws(ProfileError) {
                return await hold(try Profile.open(at: folder))
            } catch {
                guard case .busy = error else { return .failure(DocketClientError(error)) }
                busy = error
            }
            if let visit = await visitHolder() {
                self.visit = visit
                return .success(.visitor(visit))
            }
            guard ContinuousClock.now < deadline else {
                return .failure(DocketClientError(busy))
            }
            do {
                try await Task.sleep(for: Self.interval)
            } catch {
                return .failure(DocketClientError(.cancelled, "the caller gave up"))
            }
        }
    }

    /// Begins to visit; nil where nobody lets visitors in.
    private func visitHolder() async -> HolderVisit? {
        do throws(HolderVisit.Fault) {
            return try await HolderVisit.begin(in: folder)
        } catch {
            return nil
        }
    }

    private func hold(_ profile: Profile) async -> Result<Role, DocketClientError> {
        let client: DocketClient
        do throws(DocketClientError) {
            client = try await open(profile)
        } catch {
            profile.close()
            return .failure(error)
        }
        do throws(ProfileError) {
            let server = try await HolderServer.start(client, in: profile.folder)
            holding = Holding(profile: profile, client: client, server: server)
            return .success(.holder(client))
        } catch {
            client.close()
            profile.close()
            return .failure(DocketClientError(error))
        }
    }
}

extension DocketClientError {
    /// Says of a client what its profile says.
    init(_ error: ProfileError) {
        if case .busy = error {
            self.init(.profileBusy, "\(error)")
        } else {
            self.init(.storage, "\(error)")
        }
    }
}
