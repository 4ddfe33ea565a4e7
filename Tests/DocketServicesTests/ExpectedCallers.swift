import DocketRPC

/// Who may call which method, written down by hand.
///
/// The product's own table is made from the contract's files. This one is not, so that a method
/// which is opened there to somebody else by mistake does not pass.
enum ExpectedCallers {
    private static let staff: Set<Caller> = [.agent, .supervisor, .administrator]
    private static let leaders: Set<Caller> = [.supervisor, .administrator]
    private static let signedIn: Set<Caller> = [
        .contact, .agent, .supervisor, .administrator, .integration, .partner,
    ]

    /// The callers of every method, by its name.
    static let all: [String: Set<Caller>] = [
        "docket.v1.Administration/CreateAgent": [.administrator],
        "docket.v1.Administration/ListAgents": leaders,
        "docket.v1.Administration/LockAgent": [.administrator],
        "docket.v1.Administration/UnlockAgent": [.administrator],
        "docket.v1.Administration/SetPassword": [.administrator],
        "docket.v1.Administration/CreateKey": [.administrator],
        "docket.v1.Administration/RotateKey": [.administrator],
        "docket.v1.Administration/ListKeys": [.administrator],
        "docket.v1.Administration/RevokeKey": [.administrator],
        "docket.v1.Administration/RevokeSessions": [.administrator],
        "docket.v1.Administration/Stats": leaders,
        "docket.v1.Administration/Backup": [.administrator],
        "docket.v1.Agents/List": staff,
        "docket.v1.Audit/List": leaders,
        "docket.v1.Audit/Verify": [.administrator],
        "docket.v1.Channels/List": signedIn,
        "docket.v1.Companies/Create": staff,
        "docket.v1.Companies/Get": staff,
        "docket.v1.Companies/List": staff,
        "docket.v1.Companies/Update": staff,
        "docket.v1.Companies/Remove": leaders,
        "docket.v1.Attachments/Upload": staff.union([.contact, .integration]),
        "docket.v1.Attachments/GetUpload": staff.union([.contact, .integration]),
        "docket.v1.Attachments/Download": staff.union([.contact, .integration]),
        "docket.v1.Commands/SubmitLane": signedIn,
        "docket.v1.Contacts/Ensure": [.integration, .partner],
        "docket.v1.Contacts/Get": staff.union([.contact, .integration]),
        "docket.v1.Contacts/Find": staff,
        "docket.v1.Contacts/Create": staff,
        "docket.v1.Contacts/Update": staff.union([.contact, .integration]),
        "docket.v1.Contacts/SetCompany": staff,
        "docket.v1.Conversations/Open": [.contact, .integration],
        "docket.v1.Conversations/Post": staff.union([.contact, .integration]),
        "docket.v1.Conversations/History": staff.union([.contact, .integration]),
        "docket.v1.Conversations/MarkRead": staff.union([.contact]),
        "docket.v1.Conversations/MarkReceived": staff.union([.contact]),
        "docket.v1.Conversations/Typing": staff.union([.contact]),
        "docket.v1.Diagnostics/Echo": signedIn,
        "docket.v1.Feed/Subscribe": signedIn,
        "docket.v1.Feed/Snapshot": signedIn,
        "docket.v1.Health/Check": [.anyone],
        "docket.v1.Policies/Apply": [.administrator],
        "docket.v1.Policies/Check": leaders,
        "docket.v1.Policies/Get": staff,
        "docket.v1.Policies/History": staff,
        "docket.v1.Requests/Create": signedIn,
        "docket.v1.Requests/View": staff,
        "docket.v1.Requests/SetStatus": staff,
        "docket.v1.Requests/Edit": staff,
        "docket.v1.Requests/SplitNewMessages": staff,
        "docket.v1.Requests/SplitMessages": staff,
        "docket.v1.Requests/Merge": staff,
        "docket.v1.Requests/Link": staff,
        "docket.v1.Requests/Unlink": staff,
        "docket.v1.Requests/Delete": staff,
        "docket.v1.Requests/Restore": staff,
        "docket.v1.Requests/Messages": staff,
        "docket.v1.Requests/Chain": staff,
        "docket.v1.Requests/List": staff.union([.contact, .integration]),
        "docket.v1.Requests/Get": staff.union([.contact, .integration]),
        "docket.v1.Requests/Take": staff,
        "docket.v1.Requests/Assign": staff,
        "docket.v1.Requests/PostNote": staff,
        "docket.v1.Requests/Finish": staff,
        "docket.v1.Search/Messages": staff,
        "docket.v1.Tickets/PushBatch": [.partner],
        "docket.v1.Tickets/Get": [.partner],
        "docket.v1.Tickets/List": [.partner],
        "docket.v1.Tickets/Messages": [.partner],
        "docket.v1.Tickets/Comment": [.partner],
        "docket.v1.Sessions/ChangePassword": staff,
        "docket.v1.Sessions/CreateGuest": [.anyone],
        "docket.v1.Sessions/SignIn": [.anyone],
        "docket.v1.Sessions/SignOut": signedIn,
        "docket.v1.Sessions/Describe": signedIn,
    ]

    /// Whether a connection that acts as `caller`, or as nobody, is to be served by a method.
    static func allow(_ caller: Caller?, _ method: Method) -> Bool {
        let callers = all[method.name] ?? []
        return callers.contains(.anyone) || caller.map { callers.contains($0) } ?? false
    }
}
