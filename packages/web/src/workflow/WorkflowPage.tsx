export function WorkflowPage() {
  return (
    <div className="notice">
      <h1>WorkflowPage</h1>
    </div>
  );
}
