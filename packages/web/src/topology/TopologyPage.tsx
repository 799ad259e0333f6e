export function TopologyPage() {
  return (
    <div className="notice">
      <h1>TopologyPage</h1>
    </div>
  );
}
