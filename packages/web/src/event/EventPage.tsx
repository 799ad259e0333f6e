export function EventPage() {
  return (
    <div className="notice">
      <h1>EventPage</h1>
    </div>
  );
}
