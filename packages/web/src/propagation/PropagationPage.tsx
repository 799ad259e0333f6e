export function PropagationPage() {
  return (
    <div className="notice">
      <h1>PropagationPage</h1>
    </div>
  );
}
