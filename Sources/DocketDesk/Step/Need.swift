internal import DocketDomain
internal import DocketStore

/// Something of the store that a step reads: a key or a question, with what is found for it.
///
/// A step that lacks one names it, and is taken again once the workspace has it.
protocol Need: Hashable, Sendable {
    /// What is found, also where that is nothing.
    associatedtype Found: Sendable

    /// What a workspace has for it; `nil` where it has to be loaded first.
    func found(in workspace: Workspace) -> Found?
    /// Looks it up in a store, and has a workspace know of it.
    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError)
}

/// A need that is asked for seldom: a workspace keeps what was found beside the question.
protocol Question: Need {
    /// What the store answers.
    associatedtype Found

    /// Asks a store.
    func ask(_ store: any StoreReading) throws(StoreError) -> Found
}

extension Question {
    func found(in workspace: Workspace) -> Found? { workspace.answer(to: self) }

    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError) {
        workspace.keep(try ask(store), for: self)
    }
}

/// What a step lacks.
struct Missing: Error {
    let need: any Need
}
